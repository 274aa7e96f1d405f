"""``make bench [SIZE=small|region|land|all] [SEED=1]``: what the search takes, beside what others take.

Times depend on the machine, ratios within one run much less; docs/benchmarks.md says what is measured and how.
"""

import argparse
import sys

from benchmarks import alone, booking, cold, memory, over_http
from benchmarks.generate import SEED, SIZES
from benchmarks.measure import Differences
from benchmarks.site import built


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=(*SIZES, "all"), default="small")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    differences = Differences()
    first_size: dict[str, float] = {}
    for size in SIZES if options.size == "all" else (options.size,):
        print(f"Size {size}: municipalities: {SIZES[size]}, seed {options.seed}", flush=True)
        with built(size, options.seed) as site:
            print(flush=True)
            print(alone.measure(site, differences, first_size), flush=True)
            print(cold.measure(site, differences), flush=True)
            print(over_http.measure(site, differences), flush=True)
            print(memory.measure(site), flush=True)
            print(booking.measure(site), flush=True)
    print(differences.summary())
    if differences.found:
        sys.exit(1)


if __name__ == "__main__":
    main()
