#!/usr/bin/python3
"""The overbuild model (docs/model.md) in NumPy, vectorised over paths.

An independent implementation for scripts/bench_peers: written from the equations, the way an
analyst would write it, with NumPy's own random numbers. It shares nothing with the engine but the
config file with the parameters' values. Prints its statistics as JSON.
"""

import argparse
import collections
import json
import time
import tomllib
import types

import numpy as np

SERIES = ("revenue", "required_revenue", "coverage", "coverage_sequoia", "gap", "capex",
          "net_capital", "price", "utilisation", "profit", "debt", "valuation")
EVENTS = ("bust_begun", "in_bust", "recovered", "covered")
QUANTILES = (0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99)
BOOM, BUST, RECOVERY = 0, 1, 2


class Industry:
    """The state of all paths; every attribute that varies by path is an array over paths.

    The parameters are the attributes of `p`; `dt` is in years. The numbers in comments are those of
    the model's steps. After construction the state is that at t = 0.
    """

    def __init__(self, p, paths, dt, rng):
        self.p, self.paths, self.dt, self.rng = p, paths, dt, rng
        self.t = 0

        def constant(value):
            return np.full(paths, float(value))

        self.efficiency, self.hardware, self.jump = constant(0), constant(0), constant(0)
        self.growth = constant(p.demand_growth_0)
        self.demand = constant(p.revenue_0)
        self.capacity = constant(p.revenue_0 / p.normal_utilisation)
        self.unit = p.revenue_0 / p.normal_utilisation / p.it_capital_0
        self.it_capital, self.shell_capital = constant(p.it_capital_0), constant(p.shell_capital_0)
        self.capex = constant(p.capex_0)
        self.pipeline = collections.deque(
            (constant(p.capex_0 / (1 + p.capex_growth_0) ** ((p.build_lag - k) * dt)), constant(0))
            for k in range(p.build_lag))
        self.cash = p.internal_cash_0
        self.debt = constant(0)
        self.belief = constant(p.demand_growth_0)
        self.regime = np.full(paths, BOOM)
        self.bust_step = np.zeros(paths, dtype=int)

        target = self.set_market_target()
        self.set_market(target)
        self.set_accounts()
        self.smooth_shortfall = np.maximum(0, 1 - self.coverage)
        self.set_funding()

    def step(self):
        """From t - 1 to t."""
        self.t += 1
        p, dt = self.p, self.dt
        z = self.draw()
        self.advance_technology_and_demand(z)
        self.deliver()
        self.spend(z[4])
        self.cash *= np.exp(p.internal_cash_growth * dt)  # 5
        last_revenue = self.revenue
        target = self.set_market_target()
        self.set_market(self.log_price
                        + (1 - np.exp(-p.price_adjustment * dt)) * (target - self.log_price))
        self.belief = self.belief + (1 - np.exp(-p.belief_speed * dt)) * (
            np.log(self.revenue / last_revenue) / dt - self.belief)  # 7
        self.set_accounts()
        shortfall = np.maximum(0, 1 - self.coverage)
        self.smooth_shortfall += (1 - np.exp(-dt)) * (shortfall - self.smooth_shortfall)
        self.set_funding()
        self.change_regime()

    def draw(self):  # 1
        """Draws u and J and returns the normals; a sum of N exponentials is gamma of shape N."""
        z = self.rng.standard_normal((5, self.paths))
        self.uniform = self.rng.random(self.paths)
        shocks = self.rng.poisson(self.p.shock_rate * self.dt, self.paths)
        hit = shocks > 0
        self.jump = np.zeros(self.paths)
        self.jump[hit] = self.p.shock_mean * self.rng.standard_gamma(shocks[hit])
        return z

    def advance_technology_and_demand(self, z):  # 2
        p, dt, root_dt = self.p, self.dt, np.sqrt(self.dt)
        self.efficiency += p.efficiency_drift * dt + p.efficiency_vol * root_dt * z[0] + self.jump
        self.hardware += p.hardware_drift * dt + p.hardware_vol * root_dt * z[1]
        self.growth += (p.demand_growth_reversion * (p.demand_growth_longrun - self.growth) * dt
                        + p.demand_growth_vol * root_dt * z[2])
        growth = np.where(self.regime == BUST, np.minimum(self.growth, p.bust_demand_growth),
                          self.growth)
        room = 1 - self.demand / (p.demand_saturation * p.revenue_0)
        self.demand *= np.exp(growth * room * dt + p.demand_vol * root_dt * z[3])

    def deliver(self):  # 3
        p, dt = self.p, self.dt
        spending, hardware = self.pipeline.popleft()
        it_delivery = p.it_share * spending * dt
        it_left = np.exp(-dt / p.it_life)
        self.capacity = self.capacity * it_left + it_delivery * np.exp(hardware) * self.unit
        self.it_capital = self.it_capital * it_left + it_delivery
        self.shell_capital = (self.shell_capital * np.exp(-dt / p.shell_life)
                              + (1 - p.it_share) * spending * dt)

    def spend(self, z):  # 4
        p, dt = self.p, self.dt
        plan = (p.capex_growth_longrun + (p.capex_growth_0 - p.capex_growth_longrun)
                * np.exp(-self.t * dt / p.capex_growth_decay))
        feedback = p.capex_feedback * np.tanh(np.log(self.coverage))
        growth = np.select([self.regime == BOOM, self.regime == BUST],
                           [plan + feedback, -p.bust_capex_decline],
                           p.recovery_capex_growth + feedback)
        self.capex = np.maximum(self.capex * np.exp(growth * dt + p.capex_vol * np.sqrt(dt) * z),
                                p.capex_floor * p.capex_0)
        self.pipeline.append((self.capex, self.hardware.copy()))

    def set_market_target(self):  # 6
        """Sets supply and marginal cost; returns the logarithm of the target price P*."""
        p = self.p
        self.supply = self.capacity * np.exp(self.efficiency)
        self.marginal_cost = p.marginal_cost_0 * np.exp(
            -self.efficiency - p.marginal_cost_hardware_share * self.hardware)
        clearing = (self.demand / (p.normal_utilisation * self.supply)) ** (1 / p.price_elasticity)
        return np.log(np.maximum(clearing, (1 + p.price_floor_markup) * self.marginal_cost))

    def set_market(self, log_price):  # 6
        self.log_price = log_price
        self.price = np.exp(log_price)
        self.quantity = np.minimum(self.demand * self.price ** -self.p.price_elasticity,
                                   self.supply)
        self.utilisation = self.quantity / self.supply
        self.revenue = self.price * self.quantity

    def set_accounts(self):  # 8
        p = self.p
        self.net_capital = self.it_capital + self.shell_capital
        cost = (p.infrastructure_share * self.marginal_cost * self.quantity
                + p.fixed_opex * self.net_capital)
        self.required_revenue = (self.it_capital * (p.wacc + 1 / p.it_life)
                                 + self.shell_capital * (p.wacc + 1 / p.shell_life)
                                 + cost) / p.infrastructure_share
        self.coverage = self.revenue / self.required_revenue
        self.profit = p.infrastructure_share * self.revenue - cost

    def set_funding(self):  # 9
        p, dt = self.p, self.dt
        own_funds = p.reinvestment_share * self.cash
        need = np.maximum(0, self.capex - self.profit - own_funds)
        self.debt = self.debt * np.exp(-dt / 7) + need * dt
        self.stress = p.debt_rate * self.debt / (own_funds + np.maximum(self.profit, 0))
        believed = np.clip(self.belief, -0.5, 0.6) - p.wacc
        self.valuation = (p.infrastructure_share * self.revenue * p.valuation_margin
                          * np.exp(believed * p.belief_horizon) / p.wacc)

    def change_regime(self):  # 10
        p, dt = self.p, self.dt
        hazard = p.bust_hazard * np.exp(p.bust_hazard_shortfall * self.smooth_shortfall
                                        + p.bust_hazard_shock * self.jump
                                        + p.bust_hazard_funding * self.stress)
        busts = (self.regime == BOOM) & (self.uniform < 1 - np.exp(-hazard * dt))
        recovers = ((self.regime == BUST) & (self.t - self.bust_step >= p.min_bust_steps)
                    & (self.utilisation > p.recovery_utilisation)
                    & (self.uniform < 1 - np.exp(-p.recovery_hazard * dt)))
        self.regime[busts] = BUST
        self.regime[recovers] = RECOVERY
        self.bust_step[busts] = self.t
        self.demand[busts] *= 1 - p.circular_demand
        self.belief[busts] = np.minimum(self.belief[busts], 0)

    def series(self):
        """The values of SERIES, in their order."""
        return (self.revenue, self.required_revenue, self.coverage, self.revenue / (2 * self.capex),
                self.required_revenue - self.revenue, self.capex, self.net_capital, self.price,
                self.utilisation, self.profit, self.debt, self.valuation)

    def events(self):
        """Whether each of EVENTS holds, in their order."""
        return (self.regime != BOOM, self.regime == BUST, self.regime == RECOVERY,
                self.coverage >= 1)


def standard_error_of_median(values):
    """Half the distance between the order statistics one binomial sd below and above the median
    (Woodruff 1952, JASA 47)."""
    half_width = 0.5 / np.sqrt(values.size)
    lower, upper = np.quantile(values, (0.5 - half_width, 0.5 + half_width))
    return (upper - lower) / 2


class Statistics:
    """Mean, sd and quantiles of the series and probabilities of the events, by step."""

    def __init__(self):
        self.series = {name: {"mean": [], "sd": [], "quantiles": []} for name in SERIES}
        self.events = {name: [] for name in EVENTS}
        self.coverage_median_standard_error = []

    def add_step(self, industry):
        for name, values in zip(SERIES, industry.series()):
            self.series[name]["mean"].append(values.mean())
            self.series[name]["sd"].append(values.std(ddof=1))
            self.series[name]["quantiles"].append(np.quantile(values, QUANTILES).tolist())
        for name, happened in zip(EVENTS, industry.events()):
            self.events[name].append(happened.mean())
        self.coverage_median_standard_error.append(standard_error_of_median(industry.coverage))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="TOML file with all [parameters] and the grid under [run]")
    parser.add_argument("--paths", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--values", metavar="FILE", help="also write every value, float64 "
                        "[step][series, then the regime][path]")
    arguments = parser.parse_args()
    with open(arguments.config, "rb") as file:
        config = tomllib.load(file)
    dt = config["run"]["step"]
    steps = round(config["run"]["horizon"] / dt)
    start = time.process_time()
    industry = Industry(types.SimpleNamespace(**config["parameters"]), arguments.paths, dt,
                        np.random.default_rng(arguments.seed))
    simulation_seconds = time.process_time() - start

    statistics = Statistics()
    values_file = open(arguments.values, "wb") if arguments.values else None
    for t in range(steps + 1):
        if t > 0:
            start = time.process_time()
            industry.step()
            simulation_seconds += time.process_time() - start
        statistics.add_step(industry)
        if values_file:
            np.vstack([*industry.series(), industry.regime]).tofile(values_file)
    if values_file:
        values_file.close()
    print(json.dumps({"paths": arguments.paths, "steps": steps,
                      "simulation_seconds": simulation_seconds, **vars(statistics)}))


if __name__ == "__main__":
    main()
