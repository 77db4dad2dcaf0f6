"""How alike two booms are: ensembles on phase time and the distance between them (docs/analogy.md).

    from overbuild.analogy import Options, compare, episode_of
    pair = [overbuild.open(name) for name in ("ai_base.h5", "fiber_1996.h5")]
    analogy = compare([(result, episode_of(result)) for result in pair], Options(alignment="bust"))
    analogy.whole[0]                    # energy distance with interval, a pure number
"""

from overbuild.analogy.compare import Analogy, Options, compare
from overbuild.analogy.distance import Energy, Estimate, wasserstein
from overbuild.analogy.episodes import Episode, episode, episode_of
from overbuild.analogy.phases import ALIGNMENTS, VARIABLES
from overbuild.analogy.text import text

__all__ = ["ALIGNMENTS", "Analogy", "Energy", "Episode", "Estimate", "Options", "VARIABLES",
           "compare", "episode", "episode_of", "text", "wasserstein"]
