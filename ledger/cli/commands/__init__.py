"""The commands, one module each: options, help with an example, and one call of a verb."""
