"""Small cells: three enterprises open one, and subtraction of tables finds nobody."""

from hypothesis import given
from hypothesis import strategies as st

from jasyl.people import open_cells


def test_three_enterprises_open_a_cell():
    members = [("x", "a"), ("x", "b"), ("x", "c"), ("y", "a"), ("y", "a"), ("y", "b"), ("z", None), ("z", None)]
    assert open_cells(members) == {"x"}
    assert open_cells(members, smallest=2) == {"x", "y"}
    assert open_cells([]) == set()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.sampled_from("abcde")), max_size=30))
def test_the_difference_of_two_tables_is_never_one_enterprise(rows):
    """With and without a filter: what differs is a union of open cells, so at least three enterprises each."""
    opened = open_cells(((one, two), who) for one, two, who in rows)
    for kept in range(4):
        difference = {(one, two): set() for one, two, _ in rows if (one, two) in opened and one != kept}
        for one, two, who in rows:
            if (one, two) in difference:
                difference[one, two].add(who)
        assert all(len(members) >= 3 for members in difference.values())
