"""The thinking: free time, the joint search, rules. Standard library only; knows no clock, no tables, no web."""
