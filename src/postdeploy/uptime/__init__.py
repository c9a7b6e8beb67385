"""Does the inbox stay usable? The journeys and HTTP probes of a watch.

journey   what one journey, one probe and one gap are
schedule  what comes next, and when: never more than the etiquette allows
slo       what so few samples prove of the availability, and how fast they use up the error budget
latency   whether journeys and probes have become slower
watch     makes journeys and probes until the watch is over, or the inbox fails twice
"""
