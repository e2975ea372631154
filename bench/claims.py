"""A measured claim."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """`figure` against `goal`, both in `unit`; held when at least, or with `at_most` at most, the goal."""

    name: str
    figure: float
    goal: float
    unit: str = ""
    at_most: bool = False
    detail: str = ""

    @property
    def is_held(self) -> bool:
        return self.figure <= self.goal if self.at_most else self.figure >= self.goal

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        verdict = "held" if self.is_held else "FELL SHORT"
        figures = f"{self.figure:.2f}{self.unit} (goal {sign} {self.goal:g}{self.unit})"
        return f"{self.name}: {figures} {verdict}" + (f"  [{self.detail}]" if self.detail else "")
