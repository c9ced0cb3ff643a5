"""What we talk about: pure values and rules; standard library only, and `now` is always an argument."""
