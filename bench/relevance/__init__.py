"""Does the right customer come first, whatever was typed? A benchmark on made-up people.

The people are synthetic: names, streets and cities from Faker's locales, put together with frequencies of our
own; the typing errors are drawn from a model of our own. Read the figures as a comparison, not as a promise.
"""
