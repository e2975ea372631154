"""A number far from the last one is asked about before it is recorded, wherever it is given."""

from tests.support.office import Office


async def test_a_check_in_form_asks_about_a_value_far_from_the_last(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Ben Carter")
    await office.asks(office.ben, "/checkin", "")
    assert office.ben.form is not None
    await office.ben.fill({"How is it going?": "On track", "subscribers": "46,500"})
    await office.ben.submit()
    assert "subscribers 46,500, was 4,200: is that right?" in str(office.ben.form.blocks)
    assert "46,500" not in office.ben.dm.messages[-1].drawn

    await office.ben.fill({"subscribers": "46"})
    await office.ben.submit()
    assert "subscribers 46, was 4,200: is that right?" in str(office.ben.form.blocks)
    await office.ben.fill({"subscribers": "4.650"})
    assert await office.ben.submit() is None
    await office.asks(office.ben, "/checkin", "")
    await office.ben.click("Edit")
    assert office.ben.form.values["subscribers"] == "4,650"
