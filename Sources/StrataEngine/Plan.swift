internal import StrataGraph
