"""Lesson 19: the projects that draw. Judged by lockstep: the parameters of both players of a game, and of the average."""

from nn_parity.recipes.generative import dcgan

from ..harness.entry import Mistake, Project

GRADIENTS_PILE_UP = Mistake("gradients pile up from step to step", "optimizer.zero_grad()", "optimizer.param_groups")

ROWS: tuple[Project, ...] = (
    Project(
        "projects.autoencoder",
        lesson=19,
        title="Project: autoencoder",
        slow=True,
        mistakes=(
            GRADIENTS_PILE_UP,
            Mistake("the loss is a sum", "nn.MSELoss()", 'nn.MSELoss(reduction="sum")'),
            Mistake(
                "pixels below 0 and above 1",
                "self.squash(self.layer4(self.active(self.layer3(code))))",
                "self.layer4(self.active(self.layer3(code)))",
            ),
            Mistake(
                "the code is folded, too",
                "self.layer2(self.active(self.layer1(x)))",
                "self.active(self.layer2(self.active(self.layer1(x))))",
            ),
            Mistake("the encoder stands still", "Adam(self.parameters())", "Adam([*self.parameters()][4:])"),
            Mistake(
                "the target is the reconstruction itself",
                "self.loss(self(Tensor(x)), Tensor(target))",
                "self.loss(self(Tensor(x)), self(Tensor(x)).detach() * 0.5)",
            ),
        ),
    ),
    Project(
        "projects.vae",
        lesson=19,
        title="Project: variational autoencoder",
        slow=True,
        mistakes=(
            GRADIENTS_PILE_UP,
            Mistake(
                "the divergence with the wrong sign: clouds flee from each other",
                "/ len(x) + apply_normal_kl",
                "/ len(x) - apply_normal_kl",
            ),
            Mistake(
                "the divergence is summed over the images too",
                "apply_normal_kl(mean, log_variance)",
                'apply_normal_kl(mean, log_variance, reduction="sum")',
            ),
            Mistake("the cross-entropy is a mean over the pixels", "/ len(x) +", "/ x.size +"),
            Mistake(
                "the gradient stops at the sample",
                "self.decoder(apply_reparameterize(mean, log_variance, Tensor(noise)))",
                "self.decoder(apply_reparameterize(mean, log_variance, Tensor(noise)).detach())",
            ),
            Mistake("nothing is drawn: the mean is decoded", "Tensor(noise)", "Tensor(noise * 0)"),
            Mistake(
                "the halves of the encoding change places",
                "encoded[:, : self.latents], encoded[:, self.latents :]",
                "encoded[:, self.latents :], encoded[:, : self.latents]",
            ),
            Mistake(
                "a sigmoid before a loss that has its own",
                "self.cross_entropy(y,",
                "self.cross_entropy(self.squash(y),",
            ),
        ),
    ),
    Project(
        "projects.gan",
        lesson=19,
        title="Project: GAN of dense layers",
        slow=True,
        batch=8,
        mistakes=(
            GRADIENTS_PILE_UP,
            Mistake(
                "the generator follows the discriminator's gradient sign: it learns to be caught",
                "Adam(self.generator.parameters(), betas=(0.5, 0.999))",
                "Adam(self.generator.parameters(), betas=(0.5, 0.999), maximize=True)",
            ),
            Mistake(
                "the saturating game: the generator maximizes what the discriminator minimizes",
                "apply_generator_loss(self.judge(fake))",
                "-apply_discriminator_loss(Tensor(x[:, :1]), self.judge(fake))",
            ),
            Mistake(
                "the generator's turn moves the discriminator, too",
                "self.generator_optimizer = Adam(self.generator.parameters(),",
                "self.generator_optimizer = Adam([*self.generator.parameters(), *self.discriminator.parameters()],",
            ),
            Mistake(
                "real and fake change places",
                "self.judge(real), self.judge(fake.detach())",
                "self.judge(fake.detach()), self.judge(real)",
            ),
            Mistake(
                "the discriminator never learns",
                "        self.update(self.discriminator_optimizer, lost, learning_rate)\n",
                "",
            ),
            Mistake("real images between 0 and 1, fakes between -1 and 1", "Tensor(2 * x - 1)", "Tensor(x)"),
            Mistake("uniform noise", "self.random.standard_normal((", "self.random.random(("),
            Mistake("the average forgets too fast", "get_ema_avg_fn(0.99)", "get_ema_avg_fn(0.9)"),
            Mistake(
                "the average takes the generator before its turn",
                "        self.update(self.generator_optimizer, lost_by_generator, learning_rate)\n"
                "        self.average.update_parameters(self.generator)\n",
                "        self.average.update_parameters(self.generator)\n"
                "        self.update(self.generator_optimizer, lost_by_generator, learning_rate)\n",
            ),
        ),
    ),
    Project(
        "projects.dcgan",
        lesson=19,
        title="Project: deep convolutional GAN",
        slow=True,
        batch=4,
        small=dcgan(4, 10),
        mistakes=(
            Mistake("pixels between 0 and 1", "nn.Tanh()", "nn.Sigmoid()"),
            Mistake(
                "the generator normalizes as in inference",
                "return generator, discriminator",
                "return generator.eval(), discriminator",
            ),
            Mistake(
                "the discriminator normalizes as in inference",
                "return generator, discriminator",
                "return generator, discriminator.eval()",
            ),
            Mistake(
                "a running mean of the last batch: momentum means the new share here",
                "nn.BatchNorm2d(fine)",
                "nn.BatchNorm2d(fine, momentum=0.9)",
            ),
            Mistake(
                "no gradient where the discriminator is silent",
                "nn.Conv2d(1, fine, 4, stride=2, padding=1),\n            nn.LeakyReLU(0.2)",
                "nn.Conv2d(1, fine, 4, stride=2, padding=1),\n            nn.ReLU()",
            ),
            Mistake(
                "the generator leaks",
                "nn.BatchNorm2d(fine),\n            nn.ReLU()",
                "nn.BatchNorm2d(fine),\n            nn.LeakyReLU(0.2)",
            ),
        ),
    ),
)
