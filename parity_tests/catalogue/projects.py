"""The end-to-end projects. Their mistakes are judged by lockstep: the wrong version must leave PyTorch's trajectory."""

from ..harness.entry import Mistake, Project

ROWS: tuple[Project, ...] = (
    Project(
        "projects.celsius_to_fahrenheit",
        lesson=1,
        title="Project: Celsius to Fahrenheit",
        mistakes=(
            Mistake("the factor 2 of the square's slope is forgotten", "dy = 2 * error", "dy = error"),
            Mistake("the gradients of the examples are added where the loss is a mean", "error / len(x)", "error"),
            Mistake("weight climbs the slope", "weight -= learning_rate", "weight += learning_rate"),
            Mistake("the slope of weight leaves out the input", "(dy * x).sum()", "dy.sum()"),
            Mistake("bias is never updated", "bias -= learning_rate * dbias", "bias -= 0 * dbias"),
            Mistake("the loss is a sum", "(error**2).mean()", "(error**2).sum()"),
        ),
    ),
    Project(
        "projects.edge_detector",
        lesson=1,
        title="Project: an edge detector",
        mistakes=(
            Mistake(
                "only the last patch of a batch teaches", "dweight += dweight_of_patch", "dweight = dweight_of_patch"
            ),
            Mistake(
                "weight moves after every patch, before the batch is through",
                "dweight += dweight_of_patch",
                "weight -= learning_rate * dweight_of_patch",
            ),
            Mistake(
                "the gradients are added where the loss is a mean", "2 * (y - wanted) / len(x)", "2 * (y - wanted)"
            ),
            Mistake("bias climbs the slope", "bias -= learning_rate", "bias += learning_rate"),
            Mistake("the slope of the sigmoid is applied twice", "dy = 2 *", "dy = y * (1 - y) * 2 *"),
        ),
    ),
    Project(
        "projects.xor",
        lesson=5,
        title="Project: XOR",
        head="layer2.",
        mistakes=(
            Mistake("the gradient of layer 1 is computed but not applied", '"layer1.weight": dweight1, ', ""),
            Mistake("the slope of tanh is left out", "dz = tanh.backward(dhidden, cache.bend)", "dz = dhidden"),
            Mistake(
                "the loss is measured after the update",
                "return float(loss)",
                "return float(binary_cross_entropy_with_logits.forward(self.forward(x)[0], target)[0])",
            ),
            Mistake("the parameters climb the slope", "-= learning_rate * gradient", "+= learning_rate * gradient"),
        ),
    ),
    Project(
        "projects.spiral",
        lesson=5,
        title="Project: a spiral of three classes",
        head="layer2.",
        mistakes=(
            Mistake(
                "the gradient passes where ReLU was silent", "dz = relu.backward(dhidden, cache.fold)", "dz = dhidden"
            ),
            Mistake(
                "ReLU is left out of forward: two linear layers are one",
                "linear.forward(hidden, p",
                "linear.forward(z, p",
            ),
            Mistake("the learning rate is not applied", "-= learning_rate * gradient", "-= gradient"),
            Mistake("the output bias is never updated", ', "layer2.bias": dbias2', ""),
            Mistake(
                "softmax is applied before a loss that applies it itself",
                "cross_entropy.forward(logits, target)",
                "cross_entropy.forward(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), target)",
            ),
        ),
    ),
    Project(
        "projects.breast_cancer",
        lesson=5,
        title="Project: breast cancer",
        mistakes=(
            Mistake(
                "the hidden weights are never updated",
                '["layer1.weight"] -= learning_rate * dweight1',
                '["layer1.weight"] -= 0 * dweight1',
            ),
            Mistake("the output weights climb the slope", "-= learning_rate * dweight2", "+= learning_rate * dweight2"),
            Mistake(
                "the loss is a sum over the patients",
                "with_logits.forward(logit, target)",
                'with_logits.forward(logit, target, reduction="sum")',
            ),
            Mistake(
                "layer 2 is updated before the gradient of layer 1 is computed",
                "_, dweight1, dbias1, dweight2, dbias2 = hidden_layer.backward(dlogit, cache)",
                'self.parameters["layer2.weight"] -= learning_rate * hidden_layer.backward(dlogit, cache)[3]\n'
                "        _, dweight1, dbias1, dweight2, dbias2 = hidden_layer.backward(dlogit, cache)\n"
                "        dweight2 *= 0  # done already",
            ),
            Mistake(
                "logit and target change places",
                "with_logits.forward(logit, target)",
                "with_logits.forward(target, logit)",
            ),
            Mistake("Network trains the arrays it was given", "name: value.copy()", "name: value"),
        ),
    ),
    Project(
        "projects.digits",
        lesson=5,
        title="Project: digits of 8×8 pixels",
        head="layer2.",
        mistakes=(
            Mistake("the velocity forgets", "self.momentum * self.velocity[name] + gradient", "gradient"),
            Mistake(
                "the velocity is an average, not a sum",
                "self.velocity[name] + gradient",
                "self.velocity[name] + (1 - self.momentum) * gradient",
            ),
            Mistake(
                "the parameters ignore the velocity", "learning_rate * self.velocity[name]", "learning_rate * gradient"
            ),
            Mistake(
                "the learning rate is in the velocity, and in the update again",
                "self.velocity[name] + gradient",
                "self.velocity[name] + learning_rate * gradient",
            ),
            Mistake("Network trains the arrays it was given", "name: value.copy()", "name: value"),
        ),
    ),
    Project(
        "projects.mnist_mlp",
        lesson=5,
        title="Project: MNIST, 784-128-64-10",
        slow=True,
        head="layer3.",
        mistakes=(
            Mistake(
                "weight decay makes the weights grow", "gradient += self.weight_decay", "gradient -= self.weight_decay"
            ),
            Mistake("weight decay is forgotten", "gradient += self.weight_decay * parameter", "pass"),
            Mistake(
                "the decay shrinks the parameters directly, past the momentum",
                "gradient += self.weight_decay * parameter",
                "parameter *= 1 - learning_rate * self.weight_decay",
            ),
            Mistake(
                "only the last layer learns",
                "in zip(self.parameters, gradients, strict=True)",
                "in [*zip(self.parameters, gradients, strict=True)][4:]",
            ),
            Mistake("the activation is tanh", 'activation="relu"', 'activation="tanh"'),
            Mistake("the velocity forgets", "velocity *= self.momentum", "velocity *= 0"),
        ),
    ),
    Project(
        "projects.photo_filters",
        lesson=11,
        title="Project: filters from a photograph",
        steps=10,
        batch=4,
        mistakes=(
            Mistake("the learning rate is Adam's default", '["lr"] = learning_rate', '["lr"] = 1e-3'),
            Mistake("gradients of all steps add up", "self.optimizer.zero_grad()", "pass"),
            Mistake(
                "target and answer change places",
                "self(Tensor(x)), Tensor(target)",
                "Tensor(target), self(Tensor(x)) * 2",
            ),
            Mistake("the bias never learns", "Adam(self.parameters())", "Adam([self.filters.weight])"),
        ),
    ),
    Project(
        "projects.mnist_cnn",
        lesson=11,
        title="Project: MNIST by convolution",
        slow=True,
        head="output.",
        batch=2,
        mistakes=(
            Mistake(
                "pooling before ReLU of the second layer is left out",
                "self.pool(self.relu(self.conv2(x)))",
                "self.pool(self.conv2(x))",
            ),
            Mistake(
                "the first convolution never learns",
                "x = self.pool(self.relu(self.conv1(x)))",
                "x = self.pool(self.relu(self.conv1(x))).detach()",
            ),
            Mistake(
                "the hidden layer does not bend",
                "self.output(self.relu(self.hidden(self.flatten(x))))",
                "self.output(self.hidden(self.flatten(x)))",
            ),
            Mistake("weight decay is forgotten", "momentum=momentum, weight_decay=weight_decay)", "momentum=momentum)"),
            Mistake("gradients of all steps add up", "self.optimizer.zero_grad()", "pass"),
        ),
    ),
    Project(
        "projects.cifar10_resnet",
        lesson=11,
        title="Project: CIFAR-10 by a residual network",
        slow=True,
        head="output.",
        batch=3,
        steps=20,
        mistakes=(
            Mistake("no image is mirrored", "self(Tensor(mirrored))", "self(Tensor(x))"),
            Mistake(
                "the same coins in every step", "self.coins.random(len(x))", "np.random.default_rng(0).random(len(x))"
            ),
            Mistake(
                "training uses the running statistics", "mirrored, _ = flip", "self.eval()\n        mirrored, _ = flip"
            ),
            Mistake(
                "the residual blocks never learn", "self.output(self.body(x))", "self.output(self.body(x).detach())"
            ),
            Mistake("a block without a stride", "BasicBlock(16, 32, stride=2)", "BasicBlock(16, 32)"),
            Mistake(
                "momentum is forgotten", "momentum=momentum, weight_decay=weight_decay)", "weight_decay=weight_decay)"
            ),
        ),
    ),
)
