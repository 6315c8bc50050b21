"""What a student is taught: the teachers' mean, blended with labels. Needs torch, which nothing but training wants."""

import pytest

torch = pytest.importorskip("torch", reason="torch comes with the extra `train`")
training = pytest.importorskip("training", reason="training/ lies beside kg only in a checkout")

from kg.language.pieces import WordPiece  # noqa: E402
from kg.language.windows import cut_windows  # noqa: E402
from training.corpora import AttributedText, NamedText  # noqa: E402
from training.distil import left_out, shares, student_losses, teach  # noqa: E402
from training.losses import attribution_loss  # noqa: E402
from training.network import Network  # noqa: E402
from training.samples import IGNORED, Labels, TreeText, label_names, label_roles, label_trees, make_batch  # noqa: E402
from training.train import hide  # noqa: E402

WORDS = ["He", "said", "arms", "went", ".", "We", "denied", "it", "."]
GAPS = [2, 1, 1, 1, 0, 1, 1, 1, 0]
PIECES = WordPiece(["[UNK]", "[CLS]", "[SEP]", "he", "said", "arms", "went", ".", "we", "denied", "it", "[MASK]"])


@pytest.fixture(scope="module")
def batch():
    [window] = cut_windows(WORDS, GAPS, pieces=PIECES)
    roles = AttributedText(words=WORDS, gaps=GAPS, file="a", attributions=[([1], [0], [2, 3]), ([6], [5], [7])])
    trees = TreeText(WORDS, GAPS, [0] * 9, [1, -1, 3, 1, 1, 6, -1, 6, 6], [0] * 9, [1, 0, 0, 0, 0, 1, 0, 0, 0])
    names = NamedText(words=WORDS, gaps=GAPS, tags=[1] + [0] * 8)
    labels: list[Labels] = [label_roles(roles, window), label_trees(trees, window), label_names(names, window)]
    return make_batch([(window, each) for each in labels])


@pytest.fixture
def network():
    torch.manual_seed(3)
    return Network(2, 3).eval()


def test_labels_of_one_kind_of_corpus_leave_the_others_open(batch):
    gold = batch.gold
    assert (gold.roles[1:] == IGNORED).all()
    assert (gold.tags[:2] == IGNORED).all()
    assert (gold.heads[[0, 2]] == IGNORED).all()
    assert gold.links[0, 1, [1, 1, 6, 6], [2, 7, 2, 7]].tolist() == [1, 0, 0, 1]
    assert int((gold.links >= 0).sum()) == 8


def test_windows_without_attributions_ask_for_no_links(batch, network):
    x = network.read(batch.ids, batch.shapes, batch.first, batch.mask)
    one, all_open = (attribution_loss(network, x, gold) for gold in (
        batch.gold, batch.gold._replace(links=torch.full_like(batch.gold.links, -1))))
    assert torch.isfinite(all_open)
    assert all_open < one


def test_only_teachers_that_have_not_learned_a_text_speak_of_its_labels():
    texts = torch.tensor([0, 1, 0])
    roles, trees, names = shares(texts, (1, 1, 1), 8)
    assert [n for n, share in enumerate(roles[0]) if share > 0] == [n for n in range(8) if 0 in left_out(n)]
    assert [n for n, share in enumerate(trees[1]) if share > 0] == [n for n in range(8) if 1 in left_out(n)]
    assert (names[0] == 1 / 8).all()
    assert all(torch.allclose(each.sum(1), torch.ones(3)) for each in (roles, trees, names))


def test_the_losses_of_a_student_are_least_for_one_that_says_what_it_is_taught(batch, network):
    plain = batch._replace(gold=batch.gold._replace(**{
        kind: torch.full_like(value, -1 if kind == "links" else IGNORED)
        for kind, value in batch.gold._asdict().items()}))
    torch.manual_seed(4)
    other = Network(2, 3).eval()
    with torch.no_grad():
        taught = teach([network], plain, [torch.ones(3, 1)] * 3)
        same, apart = (student_losses(each, plain, taught) for each in (network, other))
        entropy = -(taught.names[batch.first > 0] * taught.names[batch.first > 0].log()).sum(-1).mean()
    assert all(mine < its for mine, its in zip(same, apart, strict=True))
    assert same[2] == pytest.approx(entropy.item(), rel=1e-5)


def test_what_is_taught_moves_half_way_to_the_labels(batch, network):
    with torch.no_grad():
        taught = teach([network, network], batch, [torch.full((3, 2), 0.5)] * 3)
        x = network.read(batch.ids, batch.shapes, batch.first, batch.mask)
        alone = network.attribution(x[:, 1:])[0].softmax(-1)
    assert taught.roles[0, 1, 0, 1] == pytest.approx((1 + alone[0, 1, 0, 1].item()) / 2, rel=1e-4)
    assert torch.allclose(taught.roles[1], alone[1], atol=1e-6)
    assert (taught.best[1, :9] == torch.tensor([2, 0, 4, 2, 2, 7, 0, 7, 7])).all()


def test_the_marks_at_both_ends_are_never_hidden(batch):
    torch.manual_seed(5)
    hidden = hide(batch, share=1.0, mask=11).ids
    assert hidden[:, 0].tolist() == [1, 1, 1]
    assert (hidden[:, 1:10] == 11).all()
    assert (hide(batch, share=0.0, mask=11).ids == batch.ids).all()
