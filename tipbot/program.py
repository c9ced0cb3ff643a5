"""How the `tipbot` command begins: everything is loaded, and all of it lives until the end."""

import gc


def main() -> None:
    """Run the `tipbot` command."""
    # Loading makes very many objects and no garbage: to look through them again and again would take a sixth of the
    # start. Whatever then runs for long switches the collector on again, see `shell.finish`.
    gc.disable()
    from tipbot.cli import main as command  # noqa: PLC0415 (loading it is what is meant)

    command()
