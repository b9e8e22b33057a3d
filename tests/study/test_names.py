import pytest

from latentlib.study.names import spoken


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mnist", "MNIST"),
        ("fashion_mnist", "Fashion-MNIST"),
        ("mnist, seed 1", "MNIST, second generator"),
        ("cifar10, generator 2", "CIFAR-10, second generator"),
        ("seed 2", "seed 2"),
        ("random search, seed 1", "random search, seed 1"),
        ("adam, starts 1", "Adam, 1 start"),
        ("sgd, starts 10", "SGD, 10 starts"),
        ("long descent, adam", "long descent, Adam"),
        ("evolution, then adam", "evolution, then Adam"),
        ("gradient descent, 20,000 steps", "gradient descent, 20,000 steps"),
        ("celeba, test", "CelebA, held out"),
        ("one_minus_mse", "1 - MSE"),
        ("Male & Mouth_Slightly_Open", "Male & Mouth Slightly Open"),
        ("Digit(3) | Digit(8)", "Digit(3) | Digit(8)"),
        (0.3, "0.3"),
        ("", ""),
    ],
)
def test_a_name_is_one_for_people(name, told):
    assert spoken(name) == told


@pytest.mark.parametrize("name", ["mnist, seed 1", "adam, starts 10", "one_minus_mse", "celeba64"])
def test_what_is_a_name_for_people_stays(name):
    assert spoken(spoken(name)) == spoken(name)
