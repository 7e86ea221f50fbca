"""The command that counts PyTorch's names."""

import pytest

from tensorplug_conformance.coverage import main, read, report, tally

TABLE = """space,name,kind,uses
torch,add,function,6
torch,spmm,function,3
torch,no_such_function,function,1
Tensor,add_,method,0
nn.functional,relu,function,10
no.such.space,thing,function,0
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(TABLE)
    return str(path)


def test_names_are_there_left_out_or_missing():
    found = tally(read(TABLE.splitlines()))
    assert [[n.name for n in part] for part in found["torch"]] == [["add"], ["spmm"], ["no_such_function"]]
    assert [n.name for n in found["no.such.space"].missing] == ["thing"]


def test_left_out_names_do_not_count_as_covered():
    torch = tally(read(TABLE.splitlines()))["torch"]
    assert torch.share(weighted=True) == 60
    assert torch.share(weighted=True, with_left_out=True) == 90
    assert torch.share(weighted=False) == pytest.approx(100 / 3)


def test_report_lists_both_figures_and_all_names():
    text = report(tally(read(TABLE.splitlines())))
    assert "33.33 (66.67)" in text
    assert "torch: no_such_function (1)" in text
    assert "Sparse layouts, torch: spmm (3)" in text


def test_command_fails_below_what_is_asked_for(table, capsys):
    assert main([table, "--weighted", "60", "--space", "torch"]) == 0
    assert main([table, "--weighted", "61", "--space", "torch"]) == 1
    assert main([table, "--unweighted", "99", "--space", "nn.functional", "--brief"]) == 0
    assert "Missing" not in capsys.readouterr().out.splitlines()[-1]


def test_tables_need_their_columns():
    with pytest.raises(ValueError, match="lacks the column"):
        read(["space,name", "torch,add"])
