from storage.channels import find_moved, move_channel
from storage.database import Database


def test_every_id_a_channel_had_leads_to_the_one_it_has_in_its_workspace(database: Database) -> None:
    for old, new in (("C1", "C2"), ("C2", "C3"), ("C8", "C9")):
        database.run(move_channel, "T1", old, new)
    ids = ["C1", "C2", "C3", "C8", "C7"]
    assert database.run(find_moved, "T1", ids) == {"C1": "C3", "C2": "C3", "C8": "C9"}
    assert database.run(find_moved, "T2", ids) == {}
    database.run(move_channel, "T1", "C3", "C1")
    assert database.run(find_moved, "T1", ids) == {"C2": "C1", "C3": "C1", "C8": "C9"}
