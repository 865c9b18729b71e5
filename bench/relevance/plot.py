"""A picture of scores: a row for every group of classes, a mark for every engine."""

from html import escape

_LEFT, _WIDTH, _ROW, _TOP = 170, 480, 26, 44
_COLOURS = ("#0b6e4f", "#2b59c3", "#c8553d", "#8f8f8f")


def svg(scores: dict[str, dict[str, float]]) -> str:
    """`scores[engine][group]` from 0 to 1 as an SVG picture. The first engine's marks are drawn last, on
    top."""
    groups = list(next(iter(scores.values())))
    height = _TOP + _ROW * len(groups) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 40}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        *_legend(list(scores)),
        *_grid(height),
        *(_label(group, row) for row, group in enumerate(groups)),
    ]
    for engine, colour in reversed(list(zip(scores, _COLOURS, strict=False))):
        parts += [_mark(scores[engine][group], row, colour) for row, group in enumerate(groups)]
    return "\n".join([*parts, "</svg>\n"])


def _legend(engines: list[str]) -> list[str]:
    marks = []
    for place, (engine, colour) in enumerate(zip(engines, _COLOURS, strict=False)):
        left = 12 + place * 170
        marks.append(f'<circle cx="{left}" cy="16" r="5" fill="{colour}"/>')
        marks.append(f'<text x="{left + 10}" y="20">{escape(engine)}</text>')
    return marks


def _grid(height: int) -> list[str]:
    lines = []
    for tenth in range(0, 11, 2):
        left = _LEFT + _WIDTH * tenth / 10
        lines.append(f'<line x1="{left}" x2="{left}" y1="{_TOP - 8}" y2="{height - 22}" stroke="#ddd"/>')
        lines.append(
            f'<text x="{left}" y="{height - 6}" text-anchor="middle" fill="#555">{tenth / 10:.1f}</text>'
        )
    return lines


def _label(group: str, row: int) -> str:
    return f'<text x="{_LEFT - 12}" y="{_TOP + row * _ROW + 10}" text-anchor="end">{escape(group)}</text>'


def _mark(score: float, row: int, colour: str) -> str:
    left, top = _LEFT + _WIDTH * score, _TOP + row * _ROW + 6
    return f'<circle cx="{left:.1f}" cy="{top}" r="5" fill="{colour}" fill-opacity="0.85"/>'
