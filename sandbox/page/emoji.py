"""Shortcodes of the emoji that apps and people use most, by Slack's names."""

import re

SHORTCODE = r":(?P<emoji>[a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?"
_SHORTCODE = re.compile(SHORTCODE)

_TABLE = """
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|wave 👋|clap 👏|pray 🙏|raised_hands 🙌|muscle 💪|ok_hand 👌|point_right 👉
point_left 👈|point_up ☝️|point_down 👇|eyes 👀|handshake 🤝|writing_hand ✍️|raised_hand ✋|crossed_fingers 🤞
smile 😄|smiley 😃|grinning 😀|slightly_smiling_face 🙂|blush 😊|wink 😉|joy 😂|laughing 😆|heart_eyes 😍|thinking_face 🤔
sweat_smile 😅|sob 😭|cry 😢|disappointed 😞|worried 😟|neutral_face 😐|sleeping 😴|sunglasses 😎|star-struck 🤩|partying_face 🥳
heart ❤️|green_heart 💚|yellow_heart 💛|blue_heart 💙|fire 🔥|star ⭐|star2 🌟|sparkles ✨|tada 🎉|confetti_ball 🎊|trophy 🏆|medal 🏅
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|warning ⚠️|no_entry ⛔
no_entry_sign 🚫|question ❓|grey_question ❔|exclamation ❗|bangbang ‼️|bulb 💡|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|drum_with_drumsticks 🥁
large_green_circle 🟢|green_circle 🟢|large_yellow_circle 🟡|yellow_circle 🟡|large_orange_circle 🟠|orange_circle 🟠|red_circle 🔴
large_red_circle 🔴|large_blue_circle 🔵|blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_green_square 🟩
large_yellow_square 🟨|large_red_square 🟥|large_orange_square 🟧|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛
small_red_triangle 🔺|small_red_triangle_down 🔻|arrow_up ⬆️|arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️|arrow_upper_right ↗️
arrow_lower_right ↘️|arrows_counterclockwise 🔄|repeat 🔁|fast_forward ⏩|double_vertical_bar ⏸️|arrow_forward ▶️|heavy_minus_sign ➖
heavy_plus_sign ➕|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|clock1 🕐|clock3 🕒|clock9 🕘|calendar 📆|date 📅
spiral_calendar_pad 🗓️|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|pushpin 📌|round_pushpin 📍|paperclip 📎|link 🔗|lock 🔒|unlock 🔓|key 🔑
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|dart 🎯|rocket 🚀|construction 🚧|rotating_light 🚨|checkered_flag 🏁
triangular_flag_on_post 🚩|seedling 🌱|sunny ☀️|palm_tree 🌴|desert_island 🏝️|beach_with_umbrella 🏖️|snowflake ❄️|ocean 🌊|zap ⚡|hammer_and_wrench 🛠️
wrench 🔧|gear ⚙️|mag 🔍|email 📧|envelope ✉️|inbox_tray 📥|outbox_tray 📤|speech_balloon 💬|thought_balloon 💭|busts_in_silhouette 👥
bust_in_silhouette 👤|house 🏠|office 🏢|moneybag 💰|gift 🎁|package 📦|books 📚|book 📖|newspaper 📰|bookmark 🔖|label 🏷️|page_facing_up 📄
file_folder 📁|zzz 💤|100 💯|recycle ♻️|information_source ℹ️|new 🆕|ok 🆗|end 🔚|back 🔙|soon 🔜|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣
swimmer 🏊|man-shrugging 🤷‍♂️|woman-shrugging 🤷‍♀️|shrug 🤷|robot_face 🤖|ghost 👻|coffee ☕|cake 🍰|beers 🍻|herb 🌿|compass 🧭|ladder 🪜
"""

_BY_NAME = {
    name: picture
    for line in _TABLE.split("\n")
    for name, _, picture in (entry.partition(" ") for entry in line.split("|"))
    if picture
}


def emoji(name: str) -> str | None:
    return _BY_NAME.get(name)


def with_emoji(text: str) -> str:
    """Replace the shortcodes that are known; leave the others as they were typed."""
    return _SHORTCODE.sub(lambda match: emoji(match["emoji"]) or match[0], text)
