using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>
/// Basic blocks of a kernel and an order of them in which running the lowest block first lets lanes meet again: every
/// loop's blocks stand together and before what follows the loop (a weak topological order after Bourdoncle).
/// </summary>
internal sealed class ControlFlow
{
    private readonly int[] _blockOfInstruction;

    public ControlFlow(KernelBody body)
    {
        var instructions = body.Instructions;
        var starts = new SortedSet<int> { 0 };
        foreach (var index in body.Labels.Values)
        {
            starts.Add(index);
        }
        for (var i = 0; i < instructions.Count; i++)
        {
            if (instructions[i].Root is "bra" or "brx" or "ret" or "exit" or "trap")
            {
                starts.Add(i + 1);
            }
        }
        starts.RemoveWhere(s => s > instructions.Count);
        // A label at the very end needs a block of its own, empty: lanes leave there.
        _blockOfInstruction = new int[instructions.Count + 1];
        var list = starts.ToList();
        for (var b = 0; b < list.Count; b++)
        {
            var end = b + 1 < list.Count ? list[b + 1] : instructions.Count;
            Blocks.Add(new() { First = list[b], End = end });
            for (var i = list[b]; i < end; i++)
            {
                _blockOfInstruction[i] = b;
            }
        }
        if (list[^1] == instructions.Count)
        {
            _blockOfInstruction[instructions.Count] = list.Count - 1;
        }
        for (var b = 0; b < Blocks.Count; b++)
        {
            Connect(body, b);
        }
    }

    public List<Block> Blocks { get; } = [];

    public int BlockAt(int instruction) => _blockOfInstruction[instruction];

    /// <summary>Blocks that can be reached, in the order they are to be laid out.</summary>
    public List<int> Order()
    {
        var order = new WeakTopologicalOrder(Blocks.Count, b => Blocks[b].Successors);
        return order.From(0);
    }

    private void Connect(KernelBody body, int b)
    {
        var block = Blocks[b];
        var last = block.End > block.First ? body.Instructions[block.End - 1] : null;
        var next = b + 1 < Blocks.Count ? b + 1 : (int?)null;
        var falls = true;
        if (last is { Root: "bra" or "brx" })
        {
            falls = last.Guard is not null;
            // A branch to a label nobody knows is refused where it is decoded.
            foreach (var label in Labels(body, last))
            {
                if (body.Labels.TryGetValue(label, out var index))
                {
                    block.Successors.Add(BlockAt(index));
                }
            }
        }
        else if (last is { Root: "ret" or "exit" or "trap" })
        {
            falls = last.Guard is not null;
        }
        if (falls && next is not null)
        {
            block.FallsInto = next;
            block.Successors.Add(next.Value);
        }
    }

    private static IEnumerable<string> Labels(KernelBody body, ParsedInstruction branch) =>
        branch.Root == "bra" ? branch.Operands.Take(1).Select(o => o.Text)
        : branch.Operands.Count > 1 && body.TargetLists.TryGetValue(branch.Operands[1].Text, out var list) ? list
        : [];

    /// <summary>Instructions that run one after the other.</summary>
    public sealed class Block
    {
        public int First { get; init; }

        public int End { get; init; }

        /// <summary>Block reached by running past the end, null where a branch or end stands there.</summary>
        public int? FallsInto { get; set; }

        public List<int> Successors { get; } = [];
    }
}
