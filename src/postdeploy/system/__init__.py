"""What does the machine provide?

browser   which browser is installed
loopback  names below localhost
store     what the processes of one run share
decoding  JSON decoders, made one at a time
"""
