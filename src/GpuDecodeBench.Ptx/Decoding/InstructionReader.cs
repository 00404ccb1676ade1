using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>One instruction on its way to operations: takes modifiers and operands, refuses what is left over.</summary>
internal sealed class InstructionReader
{
    private readonly List<string> _modifiers;
    private readonly KernelDecoder _kernel;

    public InstructionReader(KernelDecoder kernel, ParsedInstruction instruction)
    {
        _kernel = kernel;
        Instruction = instruction;
        _modifiers = [.. instruction.Modifiers];
    }

    public ParsedInstruction Instruction { get; }

    public KernelDecoder Kernel => _kernel;

    public RegisterLayout Layout => _kernel.Layout;

    public string Root => Instruction.Root;

    public int OperandCount => Instruction.Operands.Count;

    /// <summary>Takes a modifier if it stands there.</summary>
    public bool Take(string modifier) => _modifiers.Remove(modifier);

    /// <summary>Takes the first modifier that is one of those named, null where none stands.</summary>
    public string? TakeOneOf(params ReadOnlySpan<string> names)
    {
        for (var i = 0; i < _modifiers.Count; i++)
        {
            foreach (var name in names)
            {
                if (_modifiers[i] == name)
                {
                    _modifiers.RemoveAt(i);
                    return name;
                }
            }
        }
        return null;
    }

    /// <summary>Takes every modifier that meets the condition.</summary>
    public void TakeAll(Func<string, bool> condition) => _modifiers.RemoveAll(m => condition(m));

    /// <summary>Takes the first type among the modifiers.</summary>
    public PtxType TakeType() => TakeTypeOrNull() ?? throw Refuse("no type");

    /// <summary>Takes whatever modifiers are left.</summary>
    public string[] TakeRest()
    {
        var rest = _modifiers.ToArray();
        _modifiers.Clear();
        return rest;
    }

    public PtxType? TakeTypeOrNull()
    {
        for (var i = 0; i < _modifiers.Count; i++)
        {
            if (PtxType.TryParse(_modifiers[i], out var type))
            {
                _modifiers.RemoveAt(i);
                return type;
            }
        }
        return null;
    }

    /// <summary>Refuses the instruction where a modifier or operand is not accounted for.</summary>
    public void End(int operands, int? orOperands = null)
    {
        if (_modifiers.Count > 0)
        {
            throw Refuse($"unknown modifier '.{_modifiers[0]}' of '{Root}'");
        }
        if (OperandCount != operands && OperandCount != orOperands)
        {
            throw Refuse($"'{Root}' with {OperandCount} operands");
        }
    }

    public PtxException Refuse(string problem) => new(problem, Instruction.Source.Line, Instruction.Source.Text);

    public PtxException RefuseType(PtxType type) => Refuse($"'{Root}' is not known for type '.{type.Name}'");

    public Operand this[int index] =>
        index < OperandCount ? Instruction.Operands[index] : throw Refuse($"'{Root}' lacks operand {index + 1}");

    /// <summary>Offset of a source of the given width: register, constant, special register or symbol.</summary>
    public int Source(int index, int width) => Source(this[index], width);

    public int Source(Operand operand, int width)
    {
        var slot = Slot(operand, width);
        if (slot.WidthBytes != width)
        {
            throw Refuse($"operand '{operand.Text}' is {slot.WidthBytes} bytes wide, not {width}");
        }
        return slot.OffsetBytes;
    }

    /// <summary>Slot of a source; constants take the width asked for, registers have their own.</summary>
    public Slot Slot(Operand operand, int width)
    {
        switch (operand.Form)
        {
            case OperandForm.Number:
                return NumberText.TryParse(operand.Text, width, out var bits)
                    ? Layout.Constant(bits, width)
                    : throw Refuse($"cannot read the number '{operand.Text}'");
            case OperandForm.Register:
                return Layout.Register(operand.Text) ?? Special(operand, width);
            case OperandForm.Symbol:
                return _kernel.SymbolValue(this, operand, width);
            default:
                throw Refuse($"operand '{operand.Text}' cannot be a source here");
        }
    }

    public int Destination(int index, int width) => Destination(this[index], width);

    public int Destination(Operand operand, int width)
    {
        var slot = DestinationSlot(operand, width);
        if (slot.WidthBytes != width)
        {
            throw Refuse($"destination '{operand.Text}' is {slot.WidthBytes} bytes wide, not {width}");
        }
        return slot.OffsetBytes;
    }

    public Slot DestinationSlot(Operand operand, int width) =>
        operand.Form switch
        {
            OperandForm.Sink => Layout.Allocate(width),
            OperandForm.Register => Layout.Register(operand.Text)
                ?? throw Refuse($"undeclared register '{operand.Text}'"),
            _ => throw Refuse($"operand '{operand.Text}' cannot be a destination"),
        };

    /// <summary>Offset of a predicate that is read.</summary>
    public int Predicate(int index) => Source(this[index], 0);

    /// <summary>Value of an operand that has to be a number in the text.</summary>
    public ulong Number(int index, int width = 4) =>
        this[index].Form == OperandForm.Number && NumberText.TryParse(this[index].Text, width, out var bits)
            ? bits
            : throw Refuse($"operand '{this[index].Text}' has to be a number");

    public void Emit(InstructionClass @class, Operation operation) => _kernel.Emit(this, @class, operation);

    public bool TryNumber(int index, out ulong bits)
    {
        bits = 0;
        return this[index].Form == OperandForm.Number && NumberText.TryParse(this[index].Text, 4, out bits);
    }

    private Slot Special(Operand operand, int width)
    {
        if (!SpecialRegisters.IsKnown(operand.Text))
        {
            throw Refuse($"undeclared register '{operand.Text}'");
        }
        return Layout.Special(operand.Text, width);
    }
}
