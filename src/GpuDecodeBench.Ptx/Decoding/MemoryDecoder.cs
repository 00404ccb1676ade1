using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Memory;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>ld, st, prefetch and the addresses all memory instructions share.</summary>
internal static class MemoryDecoder
{
    private static readonly string[] Spaces =
    [
        "global",
        "shared",
        "shared::cta",
        "shared::cluster",
        "local",
        "const",
        "param",
        "param::entry",
    ];

    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["ld"] = Load;
        table["ldu"] = Load;
        table["st"] = Store;
        table["prefetch"] = Prefetch;
        table["prefetchu"] = Prefetch;
        table["applypriority"] = Prefetch;
        table["discard"] = Prefetch;
        table["createpolicy"] = Policy;
        AtomicDecoder.Register(table);
    }

    /// <summary>Space named by the instruction; generic where none is.</summary>
    public static AddressSpace TakeSpace(InstructionReader r) =>
        r.TakeOneOf(Spaces) is { } name ? AddressSpaces.Named(name) : AddressSpace.Generic;

    /// <summary>Takes ordering, scope, cache and eviction words: they change no result here.</summary>
    public static bool TakeHints(InstructionReader r) => TakeHints(r, out _);

    /// <summary>The same, and whether one of them says that nobody writes the memory.</summary>
    public static bool TakeHints(InstructionReader r, out bool isConstant)
    {
        var policy = false;
        var constant = false;
        r.TakeAll(m =>
        {
            policy |= m == "L2::cache_hint";
            constant |= m == "nc";
            return m
                is "weak"
                    or "volatile"
                    or "relaxed"
                    or "acquire"
                    or "release"
                    or "acq_rel"
                    or "mmio"
                    or "cta"
                    or "cluster"
                    or "gpu"
                    or "sys"
                    or "nc"
                    or "ca"
                    or "cg"
                    or "cs"
                    or "lu"
                    or "cv"
                    or "wb"
                    or "wt"
                    or "unified"
                    or "L1::evict_normal"
                    or "L1::evict_unchanged"
                    or "L1::evict_first"
                    or "L1::evict_last"
                    or "L1::no_allocate"
                    or "L2::evict_normal"
                    or "L2::evict_first"
                    or "L2::evict_last"
                    or "L2::cache_hint"
                    or "L2::64B"
                    or "L2::128B"
                    or "L2::256B";
        });
        isConstant = constant;
        return policy;
    }

    public static AddressSource Address(InstructionReader r, int index, AddressSpace space)
    {
        var operand = r[index];
        if (operand.Form != OperandForm.Address)
        {
            throw r.Refuse($"operand '{operand.Text}' has to be an address");
        }
        if (operand.Elements.Count == 0)
        {
            return new(r.Layout.Constant((ulong)operand.OffsetBytes, 8).OffsetBytes, 8, 0, space);
        }
        var slot = r.Slot(operand.Elements[0], 8);
        return slot.WidthBytes is 4 or 8
            ? new(slot.OffsetBytes, slot.WidthBytes, operand.OffsetBytes, space)
            : throw r.Refuse($"base of the address '{operand.Text}' is {slot.WidthBytes} bytes wide");
    }

    public static InstructionClass Class(AddressSpace space, bool load) =>
        space switch
        {
            AddressSpace.Parameter => InstructionClass.Other,
            AddressSpace.Shared => InstructionClass.Shared,
            _ => load ? InstructionClass.Load : InstructionClass.Store,
        };

    private static void Load(InstructionReader r)
    {
        var space = TakeSpace(r);
        var policy = TakeHints(r, out var isConstant);
        if (isConstant && space != AddressSpace.Global)
        {
            throw r.Refuse(".nc is for global memory");
        }
        var count = VectorLength(r);
        var type = r.TakeType();
        r.End(policy ? 3 : 2);
        var elements = Elements(r, r[0], count, type, destination: true);
        r.Emit(Class(space, true), new MemoryOperations.Load(Address(r, 1, space), type.Bytes, elements, isConstant));
    }

    private static void Store(InstructionReader r)
    {
        var space = TakeSpace(r);
        var policy = TakeHints(r);
        var count = VectorLength(r);
        var type = r.TakeType();
        r.End(policy ? 3 : 2);
        if (space == AddressSpace.Parameter)
        {
            throw r.Refuse("st to parameters");
        }
        var elements = Elements(r, r[1], count, type, destination: false);
        r.Emit(Class(space, false), new MemoryOperations.Store(Address(r, 0, space), type.Bytes, elements));
    }

    private static int VectorLength(InstructionReader r) =>
        r.TakeOneOf("v2", "v4", "v8") is { } vector ? vector[1] - '0' : 1;

    private static MemoryOperations.Element[] Elements(
        InstructionReader r,
        Operand operand,
        int count,
        PtxType type,
        bool destination
    )
    {
        if (type.Kind == TypeKind.Predicate || count * type.Bytes > 32)
        {
            throw r.RefuseType(type);
        }
        IReadOnlyList<Operand> operands = operand.Form == OperandForm.Vector ? operand.Elements : [operand];
        if (operands.Count != count)
        {
            throw r.Refuse($"{operands.Count} registers for {count} elements");
        }
        return
        [
            .. operands.Select(o =>
            {
                var width = Math.Max(type.Bytes, 2);
                var slot = destination ? r.DestinationSlot(o, width) : r.Slot(o, width);
                return slot.WidthBytes >= type.Bytes
                    ? new MemoryOperations.Element(
                        slot.OffsetBytes,
                        ElementMover.Create(type.Bytes, type.IsSigned, slot.WidthBytes)
                    )
                    : throw r.Refuse($"register '{o.Text}' is narrower than '.{type.Name}'");
            }),
        ];
    }

    // Prefetching past an allocation's end is allowed on a device; it changes nothing, so it is only counted.
    private static void Prefetch(InstructionReader r)
    {
        _ = TakeSpace(r);
        r.TakeAll(static m => m is "L1" or "L2" or "L2::evict_last" or "L2::evict_normal" or "L2::128B");
        r.End(1, 2);
        _ = Address(r, 0, AddressSpace.Global);
        r.Emit(InstructionClass.Other, new LaneOperations.Whole(static (_, _) => { }));
    }

    private static void Policy(InstructionReader r)
    {
        r.TakeAll(static m =>
            m is "fractional" or "range" or "cvt" or "L2"
            || m.StartsWith("L2::", StringComparison.Ordinal)
            || m is "global" or "b64"
        );
        r.End(1, r.OperandCount);
        var d = r.Destination(0, 8);
        r.Emit(
            InstructionClass.Other,
            new LaneOperations.Whole((warp, mask) => LaneOperations.Broadcast(warp, mask, d, 8, 0x12F0_0000_0000_0000))
        );
    }
}
