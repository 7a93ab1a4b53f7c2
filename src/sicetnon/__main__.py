"""Run the command line as `python -m sicetnon`."""

from sicetnon.cli import main

main()
