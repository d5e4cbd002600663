"""The peers' algorithms in a few lines of PyTorch: what their training step and ranking compute, without their data loaders (which would only slow them).

SASRec BCE: Kang & McAuley, ICDM 2018, as in pmixer/SASRec.pytorch. gSASRec: Petrov & Macdonald, RecSys 2023, as in asash/gSASRec-pytorch.
SASRec CE: as in RecBole (one target a sample, full cross-entropy). GRU: the same as SASRec BCE with nn.GRU in place of the blocks.
"""
import random
import statistics
import time

import torch
from torch import nn


class Blocks(nn.Module):
    """Pre-norm queries, as in SASRec; `inner` is the width of the feed-forward part."""

    def __init__(self, width, heads, blocks, inner, dropout, activation):
        super().__init__()
        self.attention = nn.ModuleList([nn.MultiheadAttention(width, heads, dropout, batch_first=True) for _ in range(blocks)])
        self.norms = nn.ModuleList([nn.LayerNorm(width, eps=1e-8) for _ in range(2 * blocks + 1)])
        self.feed = nn.ModuleList([nn.Sequential(nn.Linear(width, inner), nn.Dropout(dropout), activation, nn.Linear(inner, width), nn.Dropout(dropout)) for _ in range(blocks)])

    def forward(self, x):
        unseen = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), 1)
        for i, (attention, feed) in enumerate(zip(self.attention, self.feed)):
            query = self.norms[2 * i](x)
            x = query + attention(query, x, x, attn_mask=unseen, need_weights=False)[0]
            x = self.norms[2 * i + 1](x)
            x = x + feed(x)
        return self.norms[-1](x)


class Recurrent(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gru = nn.GRU(width, width, batch_first=True)

    def forward(self, x):
        return self.gru(x)[0]


class Sequences(nn.Module):
    def __init__(self, items, width, length, dropout, encoder):
        super().__init__()
        self.item = nn.Embedding(items + 1, width, padding_idx=0)
        self.place = nn.Embedding(length + 1, width)
        self.dropout = nn.Dropout(dropout)
        self.encoder = encoder
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_normal_(p)

    def forward(self, ids):
        x = self.item(ids) * self.item.embedding_dim ** 0.5 + self.place(torch.arange(1, ids.shape[1] + 1))
        return self.encoder(self.dropout(x) * (ids != 0).unsqueeze(-1))


def padded(users, length):
    """(users, length), zeros on the left, and the targets: the sequence moved by one."""
    ids, targets = torch.zeros(len(users), length, dtype=torch.long), torch.zeros(len(users), length, dtype=torch.long)
    for row, items in enumerate(users):
        seen, told = items[:-1][-length:], items[1:][-length:]
        ids[row, length - len(seen):] = torch.tensor(seen)
        targets[row, length - len(told):] = torch.tensor(told)
    return ids, targets


def loss_bce(model, ids, targets):
    h = model(ids)
    negatives = torch.randint(1, model.item.num_embeddings, targets.shape)
    real = targets != 0
    positive, negative = (h * model.item(targets)).sum(-1)[real], (h * model.item(negatives)).sum(-1)[real]
    loss = nn.functional.binary_cross_entropy_with_logits
    return loss(positive, torch.ones_like(positive)) + loss(negative, torch.zeros_like(negative))


def loss_gbce(model, ids, targets, count=256, t=0.75):
    h, items = model(ids), model.item.num_embeddings - 1
    negatives = torch.randint(1, items + 1, (*targets.shape, count))
    logits = torch.einsum("bse,bsne->bsn", h, model.item(torch.cat([targets.unsqueeze(-1), negatives], -1)))
    alpha = count / (items - 1)
    beta = alpha * ((1 - 1 / alpha) * t + 1 / alpha)
    p = torch.clamp(torch.sigmoid(logits[..., :1].double()), 1e-10, 1 - 1e-10)
    power = torch.clamp(p.pow(-beta), 1 + 1e-10, torch.finfo(torch.float64).max)
    logits = torch.cat([torch.log(1 / torch.clamp(power - 1, 1e-10)), logits[..., 1:].double()], -1)
    truth = torch.zeros_like(logits)
    truth[..., 0] = 1
    each = nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean(-1) * (targets != 0)
    return each.sum() / (targets != 0).sum()


def loss_one_target(model, ids, targets):
    return nn.functional.cross_entropy(model(ids)[:, -1] @ model.item.weight.T, targets[:, -1])


class Training:
    """Steps of one peer over real users. tokens: what is counted is real events, padding is not; a sample of loss_one_target counts as its one target."""

    def __init__(self, users, items, length, width, loss, batch, encoder, dropout=0.2):
        self.model, self.loss, self.users, self.batch, self.length = Sequences(items, width, length, dropout, encoder), loss, users, batch, length
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, betas=(0.9, 0.98))
        self.random = random.Random(1)

    def data(self):
        users = self.random.sample(self.users, min(self.batch, len(self.users)))
        if self.loss is loss_one_target:  # each event of a user is a sample: longer users come more often, cut anywhere
            users = self.random.choices(self.users, weights=[len(u) for u in self.users], k=self.batch)
            users = [u[:self.random.randint(2, len(u))] for u in users]
        return padded(users, self.length)

    def rate(self, seconds):
        """Tokens a second: the median over steps."""
        self.model.train()
        rates, end = [], time.monotonic() + seconds
        while time.monotonic() < end or len(rates) < 2:
            ids, targets = self.data()
            started = time.monotonic()
            self.optimizer.zero_grad()
            self.loss(self.model, ids, targets).backward()
            self.optimizer.step()
            tokens = len(ids) if self.loss is loss_one_target else int((ids != 0).sum())
            rates.append(tokens / (time.monotonic() - started))
        return statistics.median(rates)

    def ranked(self, seconds, batch=512):
        """Users a second whose best ten of all items are found."""
        self.model.eval()
        rates, end, users = [], time.monotonic() + seconds, self.random.sample(self.users, min(batch, len(self.users)))
        ids, _ = padded(users, self.length)
        with torch.no_grad():
            while time.monotonic() < end or len(rates) < 2:
                started = time.monotonic()
                scores = self.model(ids)[:, -1] @ self.model.item.weight.T
                for row, items in enumerate(users):
                    scores[row, items[:-1]] = -torch.inf
                torch.topk(scores, 10)
                rates.append(len(users) / (time.monotonic() - started))
        return statistics.median(rates)


def sasrec(users, items, length, width):
    return Training(users, items, length, width, loss_bce, 128, Blocks(width, 1, 2, width, 0.2, nn.ReLU()))


def gsasrec(users, items, length, width):
    return Training(users, items, length, width, loss_gbce, 16, Blocks(width, 1, 2, width, 0.2, nn.ReLU()))  # 128 users need 6 GB and are no faster a token


def recbole(users, items, length, width):
    return Training(users, items, length, width, loss_one_target, 2048, Blocks(width, 2, 2, 4 * width, 0.2, nn.GELU()))


def gru(users, items, length, width):
    return Training(users, items, length, width, loss_bce, 128, Recurrent(width))
