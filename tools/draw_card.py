"""Draw the card that is shown where a page is linked: the book's title over the picture of the README.

python tools/draw_card.py book/images/hero.png book/web/card.png
"""

import sys
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)  # pixels, as Open Graph's readers expect
TITLE = "Evolving the latent spaces of GANs"


def main(hero: Path, target: Path) -> None:
    """Draw the card."""
    card = Image.new("RGB", SIZE, "#fcfcfa")
    picture = Image.open(hero).convert("RGB")
    height = 470
    width = round(picture.width * height / picture.height)
    card.paste(
        picture.resize((width, height), Image.Resampling.LANCZOS), ((SIZE[0] - width) // 2, SIZE[1] - height - 20)
    )
    fonts = Path(matplotlib.get_data_path()) / "fonts/ttf"
    font = ImageFont.truetype(fonts / "DejaVuSans-Bold.ttf", 50)
    pen = ImageDraw.Draw(card)
    pen.text((SIZE[0] / 2, 75), TITLE, font=font, fill="#1f2933", anchor="mm")
    card.quantize(128).save(target, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
