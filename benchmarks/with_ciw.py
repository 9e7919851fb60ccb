"""The cases in Ciw: a network of nodes.

Of itself Ciw knows another blocking: a blocked item keeps its server, and a return into a full node waits for ever. For the
board its node is therefore taught that the server is free once the work is done, and that returns go straight in. The backlog
is a node of its own, since a node's capacity is counted from its door on.
"""

from __future__ import annotations

import math
from typing import Any

import ciw
from ciw.dists import Distribution, Sequential
from ciw.server import Server

from benchmarks.cases import Work, lead_times
from vssim.clock import Ints


class DrawnBefore(Distribution):  # type: ignore[misc]
    """Service times that each individual brings with it."""

    def __init__(self, work: Work, outside: int) -> None:
        self.work = work
        self.outside = outside
        """nodes of the backlog, before the stays begin: 0 or 1"""

    def sample(self, t: float | None = None, ind: Any = None) -> int:  # noqa: ARG002 - named by Ciw
        """The work of the individual's present stay [ticks]."""
        stay = len(ind.data_records) - self.outside
        return 0 if stay < 0 else self.work.stays[ind.id_number - 1][stay][1]


class Column(ciw.Node):  # type: ignore[misc]
    """A node whose servers are free once the work is done, and whose capacity returns may exceed."""

    def finish_service(self) -> None:
        """On to the next node, or wait for room there, in the hands of nobody."""
        individual = self.decide_between_simultaneous_individuals()
        following = self.next_node(individual)
        individual.destination = following.id_number
        server = individual.server
        if server:
            server.next_end_service_date = math.inf
        if following.number_of_individuals < following.node_capacity or 0 < following.id_number <= self.id_number:
            self.release(individual, following)
            return
        self.block_individual(individual, following)
        if server:
            individual.exit_date = self.now
            self.detatch_server(server, individual)
            individual.server = Server(self, 0, self.now)
            self.begin_service_if_possible_release(individual, server)


def play(work: Work) -> Ints:
    """Lead time of every item [ticks]."""
    return simulated(work)[1]


def simulated(work: Work) -> tuple[Any, Ints]:
    """What was simulated, and the lead time of every item [ticks]."""
    outside = 1 if work.limits else 0
    nodes = len(work.people) + outside
    gaps = [work.arrivals[0], *(late - early for early, late in zip(work.arrivals, work.arrivals[1:], strict=False)), math.inf]
    network = ciw.create_network(
        arrival_distributions=[Sequential(gaps), *[None] * (nodes - 1)],
        service_distributions=[DrawnBefore(work, outside)] * nodes,
        number_of_servers=[*[math.inf] * outside, *work.people],
        queue_capacities=[math.inf] * nodes
        if work.limits is None
        else [math.inf, *(limit - people for limit, people in zip(work.limits, work.people, strict=True))],
        routing=ciw.routing.ProcessBased(
            lambda individual, _: [step + 1 + outside for step, *_ in work.stays[individual.id_number - 1]][1 - outside :]
        ),
    )
    simulation = ciw.Simulation(network, node_class=Column if work.limits else None)
    simulation.simulate_until_max_customers(len(work.arrivals))
    left = [0] * len(work.arrivals)
    for individual in simulation.nodes[-1].all_individuals:
        left[individual.id_number - 1] = round(individual.data_records[-1].exit_date)
    return simulation, lead_times(work, left)
