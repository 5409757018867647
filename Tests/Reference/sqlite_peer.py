"""Answers what `topsail-bench catalog` asks with Python's sqlite3, over the tables that a script would make.

Start it as `python sqlite_peer.py LINES DATABASE`: it reads the JSON Lines into a new database (one table of neurons, one
of tags, an index for each order, FTS5 over the explanations), prints one line `ready …`, and then answers each line on
standard input with the milliseconds that the question took:

    open                        connect, and the first page by score
    page LIST [ARGUMENT] OFFSET 50 rows of a list from an offset: score, density, name, sae, category, untagged, word
    search WORD                 the first 50 rows that a word, or the start of one, finds, by rank
    tag SAE INDEX TAG           one tag committed, and the row read back
    nothing                     0

Needs nothing but Python.
"""

import json
import os
import resource
import sqlite3
import sys
import time

SCHEMA = """
    CREATE TABLE neurons (id INTEGER PRIMARY KEY, sae TEXT, layer INTEGER, number INTEGER, explanation TEXT, score REAL,
                          density REAL, max REAL);
    CREATE TABLE tags (neuron_id INTEGER REFERENCES neurons(id), tag TEXT, PRIMARY KEY (neuron_id, tag));
"""
INDEXES = """
    CREATE INDEX by_score ON neurons(score);
    CREATE INDEX by_density ON neurons(density);
    CREATE UNIQUE INDEX by_name ON neurons(sae, number);
    CREATE INDEX by_sae_score ON neurons(sae, score);
    CREATE INDEX by_tag ON tags(tag);
    CREATE VIRTUAL TABLE texts USING fts5(explanation, content = 'neurons', content_rowid = 'id');
    INSERT INTO texts(texts) VALUES ('rebuild');
"""
ROW = """SELECT n.*, (SELECT group_concat(tag) FROM tags WHERE neuron_id = n.id) FROM neurons n """
LISTS = {
    "score": "ORDER BY n.score DESC",
    "density": "ORDER BY n.density DESC",
    "name": "ORDER BY n.sae, n.number",
    "sae": "WHERE n.sae = ? ORDER BY n.score DESC",
    "category": "WHERE n.id IN (SELECT neuron_id FROM tags WHERE tag >= ? || '.' AND tag < ? || '/') ORDER BY n.score DESC",
    "untagged": "WHERE n.id NOT IN (SELECT neuron_id FROM tags) ORDER BY n.score DESC",
    "word": "WHERE n.id IN (SELECT rowid FROM texts WHERE texts MATCH ?) ORDER BY n.score DESC",
}


def build(lines: str, path: str) -> str:
    start = time.perf_counter()
    connection = connect(path)
    connection.executescript(SCHEMA)
    with open(lines, encoding="utf-8") as file, connection:
        for number, line in enumerate(file):
            row = json.loads(line)
            values = (number, row["sae"], row["layer"], row["index"], row["explanation"], row["correlation_score"],
                      row["density"], row["max"])
            connection.execute("INSERT INTO neurons VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            connection.executemany("INSERT INTO tags VALUES (?, ?)", [(number, tag) for tag in row["tags"]])
    connection.executescript(INDEXES)
    count = connection.execute("SELECT count(*) FROM neurons").fetchone()[0]
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    taken = time.perf_counter() - start
    cpu = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (f"sqlite3 {sqlite3.sqlite_version} in Python {sys.version.split()[0]}: {count} neurons read in {taken:.1f} s "
            f"({cpu:.1f} s of processor), {peak:.0f} MB resident at most, {os.path.getsize(path) / count:.0f} bytes each")


def connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def answer(connection: sqlite3.Connection, path: str, words: list[str]) -> None:
    match words:
        case ["open"]:
            other = connect(path)
            other.execute(ROW + LISTS["score"] + " LIMIT 50").fetchall()
            other.close()
        case ["page", name, *arguments, offset]:
            sql = ROW + LISTS[name]
            values = [argument + "*" if name == "word" else argument for argument in arguments] * sql.count("?")
            connection.execute(sql + " LIMIT 50 OFFSET ?", (*values, int(offset))).fetchall()
        case ["search", word]:
            sql = ROW + "JOIN texts ON texts.rowid = n.id WHERE texts MATCH ? ORDER BY texts.rank LIMIT 50"
            connection.execute(sql, (word + "*",)).fetchall()
        case ["tag", sae, number, tag]:
            row = connection.execute("SELECT id FROM neurons WHERE sae = ? AND number = ?", (sae, int(number))).fetchone()
            with connection:
                connection.execute("INSERT OR IGNORE INTO tags VALUES (?, ?)", (row[0], tag))
            connection.execute(ROW + "WHERE n.id = ?", row).fetchall()


def main() -> None:
    lines, path = sys.argv[1:]
    print("ready", build(lines, path), flush=True)
    connection = connect(path)
    for line in sys.stdin:
        start = time.perf_counter()
        answer(connection, path, line.split())
        print((time.perf_counter() - start) * 1000, flush=True)


if __name__ == "__main__":
    main()
