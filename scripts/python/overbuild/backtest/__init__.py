"""What a config would have predicted: calibrated to the data up to a date, judged by what came
(docs/backtest.md).

    from overbuild.backtest import Options, backtest, text
    done = backtest("configs/fiber_1999.toml", "configs/data/fiber_targets.toml",
                    Options(until="1999", program="build/release/overbuild"))
    print(text(done))
"""

from overbuild.backtest.assess import Backtest, backtest, json_of
from overbuild.backtest.forecast import Options
from overbuild.backtest.scores import crps, pit, quantiles
from overbuild.backtest.targets import read_targets
from overbuild.backtest.text import text

__all__ = ["Backtest", "Options", "backtest", "crps", "json_of", "pit", "quantiles",
           "read_targets", "text"]
