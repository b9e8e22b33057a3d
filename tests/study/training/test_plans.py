import pytest
import torch
from torchvision.models import resnet18

from latentlib import data, zoo
from latentlib.models import fernandes, gagan
from latentlib.study.training import plans


def test_a_trunk_takes_the_weights_of_a_resnet_in_torchs_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    network = gagan.AttributeRecogniser(("a", "b"))
    before = network.trunk.layer2[0].conv1.weight.clone()
    assert plans.warm_up(network).endswith("from scratch.")
    assert torch.equal(network.trunk.layer2[0].conv1.weight, before)
    whole = resnet18()
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    torch.save(whole.state_dict(), tmp_path / "hub" / "checkpoints" / "resnet18-0123.pth")
    assert plans.warm_up(network) == "The trunk began with the ImageNet weights resnet18-0123.pth."
    assert not torch.equal(network.trunk.layer2[0].conv1.weight, before)
    for name, value in network.trunk.state_dict().items():
        assert torch.equal(value, whole.state_dict()[name]), name


LISTED = ["diversity/mnist", "diversity/fashion_mnist", "diversity/lfw"]


@pytest.mark.parametrize("name", LISTED)
def test_the_listed_networks_are_trained_as_table_1_says(name):
    recipe = plans.plan_of(name).recipe
    assert (recipe.learning_rate, recipe.betas, recipe.batch_size) == (2e-4, (0.5, 0.999), 32)


@pytest.mark.parametrize("name", LISTED)
def test_a_listed_network_and_its_rival_agree_with_the_data_and_learn(name, random):
    plan, shape = plans.plan_of(name), data.card(name.partition("/")[2]).shape
    networks = torch.nn.ModuleDict({"average": plan.build(), "generator": plan.build(), "discriminator": plan.rival()})
    assert networks["generator"].image_shape == shape
    before = networks["generator"].layers[0].weight.clone()
    step, _ = plan.recipe.start(networks.train(), random)
    losses = step(torch.rand(4, *shape, generator=random), torch.zeros(4))
    assert all(0 < loss < 10 for loss in losses.values())
    assert not torch.equal(networks["generator"].layers[0].weight, before)


def test_the_rival_of_narrowed_faces_is_a_quarter_as_wide():
    wide, narrow = fernandes.Discriminator((3, 64, 64)), plans.plan_of("diversity/lfw").rival()
    pairs = zip(wide.layers, narrow.layers, strict=True)
    widths = [(one.out_channels, two.out_channels) for one, two in pairs if isinstance(one, torch.nn.Conv2d)]
    assert widths == [(32, 8), (64, 16), (128, 32), (256, 64)]


def test_a_card_of_a_listed_network_tells_the_epochs_of_the_paper():
    for name, epochs in zip(LISTED, (200, 800, 1000), strict=True):
        assert f"fewer epochs than the paper's {epochs}." in zoo.entry(name).about
        assert plans.plan_of(name).recipe.epochs < epochs
