using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Memory;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Turns a kernel's parsed instructions into operations in the order they are best laid out.</summary>
internal sealed class KernelDecoder
{
    private readonly KernelBody _body;
    private readonly MemoryPlan _memory;
    private readonly List<Operation> _code = [];
    private readonly List<(Operation Branch, string[] Labels)> _branches = [];

    private KernelDecoder(PtxModule module, KernelHeader header, KernelBody body)
    {
        _body = body;
        _memory = new(module, header, body);
        Layout = new(name => body.Registers.TryGetValue(name, out var width) ? width : null);
    }

    public RegisterLayout Layout { get; }

    public static KernelProgram Decode(PtxModule module, KernelHeader header, KernelBody body)
    {
        var decoder = new KernelDecoder(module, header, body);
        decoder.DecodeBlocks();
        var layout = decoder.Layout;
        return new()
        {
            Code = [.. decoder._code],
            RegisterBytes = Math.Max(layout.Bytes, 64),
            Constants = [.. layout.Constants.Select(c => (c.Slot.OffsetBytes, c.Slot.WidthBytes, c.Bits))],
            Symbols = [.. layout.Symbols.Select(s => (s.Slot.OffsetBytes, s.Slot.WidthBytes, s.Symbol))],
            Specials = [.. layout.Specials.Select(s => (s.Slot.OffsetBytes, s.Slot.WidthBytes, s.Name))],
            StaticSharedBytes = decoder._memory.StaticSharedBytes,
            LocalBytes = decoder._memory.LocalBytes,
            UsesDynamicShared = decoder._memory.UsesDynamicShared,
        };
    }

    public VariableDeclaration? Variable(string symbol) => _memory.Find(symbol);

    /// <summary>Slot that holds what a symbol's name stands for in its own space.</summary>
    public Slot SymbolValue(InstructionReader reader, Operand operand, int width)
    {
        var variable = _memory.Find(operand.Text) ?? throw reader.Refuse($"unknown name '{operand.Text}'");
        return variable.Space switch
        {
            "global" or "const" when operand.OffsetBytes == 0 => Layout.Symbol(operand.Text, width),
            "global" or "const" => throw reader.Refuse("sum of a symbol and a number"),
            _ => Layout.Constant((ulong)(variable.OffsetBytes + operand.OffsetBytes), width),
        };
    }

    public void Emit(InstructionReader reader, InstructionClass @class, Operation operation)
    {
        var source = reader.Instruction.Source;
        operation.Class = @class;
        operation.Counts = _code.Count == 0 || !ReferenceEquals(_code[^1].Source, source);
        operation.Source = source;
        if (reader.Instruction.Guard is { } guard)
        {
            operation.SetGuard(new(reader.Source(guard, 0), 0), guard.Negated);
        }
        _code.Add(operation);
    }

    public void EmitBranch(InstructionReader reader, Operation branch, string[] labels)
    {
        foreach (var label in labels)
        {
            if (!_body.Labels.ContainsKey(label))
            {
                throw reader.Refuse($"unknown label '{label}'");
            }
        }
        Emit(reader, InstructionClass.Branch, branch);
        _branches.Add((branch, labels));
    }

    public string[] TargetList(InstructionReader reader, string label) =>
        _body.TargetLists.TryGetValue(label, out var labels)
            ? labels
            : throw reader.Refuse($"unknown list of targets '{label}'");

    private void DecodeBlocks()
    {
        var graph = new ControlFlow(_body);
        var startOfBlock = new int[graph.Blocks.Count];
        var order = graph.Order();
        for (var i = 0; i < order.Count; i++)
        {
            var block = graph.Blocks[order[i]];
            startOfBlock[order[i]] = _code.Count;
            for (var index = block.First; index < block.End; index++)
            {
                InstructionDecoder.Decode(new(this, _body.Instructions[index]));
            }
            if (block.FallsInto is { } next && (i + 1 == order.Count || order[i + 1] != next))
            {
                _code.Add(new JumpOperation { TargetBlock = next });
            }
        }
        _code.Add(new ExitOperation { Counts = false });
        foreach (var operation in _code)
        {
            if (operation is JumpOperation { TargetBlock: >= 0 } jump)
            {
                jump.Target = startOfBlock[jump.TargetBlock];
            }
        }
        foreach (var (branch, labels) in _branches)
        {
            var targets = labels.Select(l => startOfBlock[graph.BlockAt(_body.Labels[l])]).ToArray();
            ((IBranchOperation)branch).SetTargets(targets);
        }
    }
}
