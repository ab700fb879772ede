"""Measures of a graph by NetworkX: what Astlas says of the same graph is compared with them.

Usage: measures.py < graphs.jsonl > measures.jsonl

One graph a line, and for each one line of measures, in the same order. A graph is

    {"files": 3, "edges": [[0, 1, 0.5], ...], "communities": [[0, 1], [2]], "seeds": 5}

where files are numbered and an edge is source, target, weight; `communities` are those to be judged. Its measures are

    {"betweenness": [...], "degree": [...], "cycles": [[0, 1, 2], ...], "girths": [2, ...], "modularity": 0.4,
     "louvain": 0.41}

`betweenness` (directed, unweighted, normalised) and `degree` (weighted, in and out) have one entry for each file.
`cycles` are the strongly connected components of two files or more, largest first, then by smallest file, `girths` the
number of files of a shortest cycle in each. `modularity` is that of the communities given, `louvain` the best that
NetworkX's own search reaches with as many seeds; both on the undirected graph, weights of both directions added up, and
null where there are no edges. Needs the packages of requirements.txt.
"""

import json
import sys

import networkx


def undirected(graph):
    ties = networkx.Graph()
    ties.add_nodes_from(graph)
    for source, target, weight in graph.edges(data="weight"):
        before = ties.get_edge_data(source, target, {"weight": 0.0})["weight"]
        ties.add_edge(source, target, weight=before + weight)
    return ties


def measures(files, edges, communities, seeds):
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(files))
    graph.add_weighted_edges_from(edges)
    components = [sorted(part) for part in networkx.strongly_connected_components(graph) if len(part) > 1]
    components.sort(key=lambda part: (-len(part), part[0]))
    betweenness = networkx.betweenness_centrality(graph)
    ties = undirected(graph)
    modularity = louvain = None
    if edges:
        modularity = networkx.community.modularity(ties, communities)
        louvain = max(
            networkx.community.modularity(ties, networkx.community.louvain_communities(ties, seed=seed))
            for seed in range(seeds)
        )
    return {
        "betweenness": [betweenness[file] for file in range(files)],
        "degree": [graph.degree(file, weight="weight") for file in range(files)],
        "cycles": components,
        "girths": [girth(graph.subgraph(part)) for part in components],
        "modularity": modularity,
        "louvain": louvain,
    }


def girth(graph):
    """Files of a shortest directed cycle; NetworkX has this for undirected graphs only."""
    lengths = []
    for file in graph:
        distances = networkx.single_source_shortest_path_length(graph, file)
        lengths += [distances[before] + 1 for before in graph.predecessors(file)]
    return min(lengths)


def main():
    for line in sys.stdin:
        print(json.dumps(measures(**json.loads(line))))


if __name__ == "__main__":
    main()
