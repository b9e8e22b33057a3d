import torch
from torchvision.models import resnet18

from latentlib.models import gagan
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
