"""The story: set-up on a Friday, then thirteen weeks."""

from demo import later, weeks
from demo.setting_up import set_up
from demo.stage import Stage

SCENES = (
    set_up,
    weeks.week_1,
    weeks.week_2,
    weeks.week_3,
    weeks.week_4,
    later.week_5,
    later.week_6,
    later.week_7,
    later.week_8,
    later.week_9,
    later.week_10,
    later.week_11,
    later.week_12,
    later.week_13,
)


async def play_everything(stage: Stage) -> None:
    for scene in SCENES:
        await scene(stage)
