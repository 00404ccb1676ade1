"""Finds the main loop of every kernel in what `nvdisasm -c` prints: loops.py LISTING
One line a kernel, parted by tabs: kernel, instructions of the loop, 16-byte global loads in it, accesses to local memory in it.

The main loop is the one that loads most 16-byte words of global memory itself, outside of loops within it; of several
such the innermost. Its instructions are all between its head and its last branch back, those of loops within it and of branches that
few iterations take included. A kernel without such a loop has none: three dashes.
"""
import re
import sys

NONE = ("-", "-", "-")
_KERNEL = re.compile(r"\.text\.(\S+):$")
_LABEL = re.compile(r"(\.L_\w+):$")
_INSTRUCTION = re.compile(r"\s+/\*[0-9a-f]{4,}\*/\s+(?:\{\s*)?(@!?U?P\w+\s+)?([A-Z][A-Z0-9_.]*)\s*([^;]*);?")
_TARGET = re.compile(r"`\((\.L_\w+)\)")
_BARRIER = re.compile(r"\bB\d+\b")


class Block:
    """Instructions that run one after the other."""

    def __init__(self):
        self.count = 0
        self.wide_loads = 0
        self.local_accesses = 0
        self.jumps = []  # labels that its last instruction may jump to
        self.falls_through = True
        self.opens = {}  # barriers of divergent threads that it sets, and the labels where these meet
        self.meets = None  # the barrier at which its last instruction waits, to go on where the threads meet
        self.successors = []

    def add(self, guard, opcode, operands):
        """Takes one more instruction; true where it ends the block."""
        parts = opcode.split(".")
        self.count += 1
        if parts[0] in ("LDG", "LDGSTS", "LD") and "128" in parts:
            self.wide_loads += 1
        elif parts[0] in ("LDL", "STL"):
            self.local_accesses += 1
        target = _TARGET.search(operands)
        if parts[0] in ("BRA", "JMP"):
            # A second operand is a condition, and BRA.DIV jumps only where threads diverge.
            always = not guard and operands.lstrip().startswith("`") and "DIV" not in parts
            self.falls_through = not always
            self.jumps = [target[1]] if target else []
        elif parts[0] in ("BRX", "BRXU", "JMX"):
            self.falls_through = bool(guard)
            self.jumps = re.findall(r"\.L_\w+", operands)
        elif parts[0] in ("CALL", "WARPSYNC") and target:
            # The assembler also leaves loops by calls of labels in the same kernel that never return.
            self.jumps = [target[1]]
        elif parts[0] in ("EXIT", "RET", "KILL"):
            self.falls_through = bool(guard)
        elif parts[0] == "BSSY":
            self.opens[_BARRIER.search(operands)[0]] = target[1]
            return False
        elif parts[0] == "BSYNC":
            self.meets = _BARRIER.search(operands)[0]
        else:
            return False
        return True


def kernels_of(listing):
    """The blocks of each kernel, in order, with the labels of some: (kernel, blocks, block by label)."""
    name, blocks, labels, ended = None, [], {}, True
    for line in listing:
        if found := _INSTRUCTION.match(line):
            if ended:
                blocks.append(Block())
            ended = blocks[-1].add(found[1], found[2], found[3])
        elif found := _LABEL.match(line):
            labels[found[1]] = len(blocks)
            ended = True
        elif found := _KERNEL.match(line):
            if name:
                yield name, blocks, labels
            name, blocks, labels, ended = found[1], [], {}, True
    if name:
        yield name, blocks, labels


def connect(blocks, labels):
    """Finds each block's successors; those behind a meeting of threads from what the ways there have set."""
    for i, block in enumerate(blocks):
        following = [labels[jump] for jump in block.jumps if jump in labels]
        if block.falls_through:
            following.append(i + 1)
        block.successors = [j for j in following if j < len(blocks)]
    seen = set()
    ways = [(0, {})]
    while ways:
        i, meetings = ways.pop()
        if i in seen:
            continue
        seen.add(i)
        block = blocks[i]
        meetings = {**meetings, **block.opens}
        if block.meets in meetings:
            block.successors = [labels[meetings[block.meets]]]
        ways.extend((j, meetings) for j in block.successors)


def components(blocks, inside):
    """Strongly connected components of more than one block, or of one that follows itself (Tarjan)."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []
    for root in inside:
        if root in index:
            continue
        work = [(root, iter(blocks[root].successors))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, successors = work[-1]
            for following in successors:
                if following not in inside:
                    continue
                if following not in index:
                    index[following] = low[following] = len(index)
                    stack.append(following)
                    on_stack.add(following)
                    work.append((following, iter(blocks[following].successors)))
                    break
                if following in on_stack:
                    low[node] = min(low[node], index[following])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = set()
                    while node not in component:
                        component.add(stack[-1])
                        on_stack.discard(stack.pop())
                    if len(component) > 1 or node in blocks[node].successors:
                        found.append(component)
    return found


def loops_of(blocks, inside=None, depth=1):
    """All loops, each after those within it: (depth, its blocks, wide loads outside of loops within it)."""
    inside = set(range(len(blocks))) if inside is None else inside
    for component in components(blocks, inside):
        # Entered from outside, or the first in the text.
        head = min(
            {j for i in range(len(blocks)) if i not in component for j in blocks[i].successors if j in component}
            or component
        )
        within = set()
        for loop in loops_of(blocks, component - {head}, depth + 1):
            within |= loop[1]
            yield loop
        yield depth, component, sum(blocks[i].wide_loads for i in component - within)


def main_loop(blocks):
    """Instructions, wide loads and local accesses of the main loop, or dashes."""
    best = max(loops_of(blocks), key=lambda loop: (loop[2], loop[0], len(loop[1])), default=None)
    if best is None or best[2] == 0:
        return NONE
    inside = [blocks[i] for i in best[1]]
    return (
        sum(block.count for block in inside),
        sum(block.wide_loads for block in inside),
        sum(block.local_accesses for block in inside),
    )


def main():
    with open(sys.argv[1], encoding="ascii") as listing:
        for name, blocks, labels in kernels_of(listing):
            connect(blocks, labels)
            print(name, *main_loop(blocks), sep="\t")


if __name__ == "__main__":
    main()
