using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Memory;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>mov with packing and unpacking, cvta, isspacep.</summary>
internal static class MoveDecoder
{
    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["mov"] = Move;
        table["cvta"] = ConvertAddress;
        table["isspacep"] = IsSpace;
    }

    private static void Move(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(2);
        if (r[0].Form == OperandForm.Vector)
        {
            Unpack(r, type);
        }
        else if (r[1].Form == OperandForm.Vector)
        {
            Pack(r, type);
        }
        else if (type.Kind == TypeKind.Predicate)
        {
            MovePredicate(r);
        }
        else if (
            r[1].Text
            is "%clock"
                or "%clock_hi"
                or "%clock64"
                or "%globaltimer"
                or "%globaltimer_lo"
                or "%globaltimer_hi"
        )
        {
            Clock(r, type);
        }
        else
        {
            Copy(r, type.Bytes, r.Source(1, type.Bytes), r.Destination(0, type.Bytes));
        }
    }

    private static void MovePredicate(InstructionReader r)
    {
        var d = r.Destination(0, 0);
        if (r[1].Form == OperandForm.Number)
        {
            var value = r.Number(1) != 0 ? uint.MaxValue : 0;
            r.Emit(InstructionClass.Other, new LaneOperations.Predicates(d, false, d, false, d, (_, _) => value));
            return;
        }
        var p = r.Predicate(1);
        r.Emit(InstructionClass.Other, new LaneOperations.Predicates(p, r[1].Negated, p, false, d, static (a, _) => a));
    }

    private static void Copy(InstructionReader r, int bytes, int source, int destination)
    {
        Operation operation = bytes switch
        {
            2 => new LaneOperations.Copy<ushort>(source, destination),
            4 => new LaneOperations.Copy<uint>(source, destination),
            8 => new LaneOperations.Copy<ulong>(source, destination),
            _ => throw r.Refuse("mov of this width"),
        };
        r.Emit(InstructionClass.Other, operation);
    }

    private static void Clock(InstructionReader r, PtxType type)
    {
        var d = r.Destination(0, type.Bytes);
        var high = r[1].Text.EndsWith("_hi", StringComparison.Ordinal);
        var bytes = type.Bytes;
        r.Emit(
            InstructionClass.Other,
            new LaneOperations.Whole(
                (warp, mask) => LaneOperations.Broadcast(warp, mask, d, bytes, warp.Clock >> (high ? 32 : 0))
            )
        );
    }

    private static void Unpack(InstructionReader r, PtxType type)
    {
        var source = r.Source(1, type.Bytes);
        var parts = r[0].Elements;
        var partBytes = type.Bytes / parts.Count;
        if (partBytes * parts.Count != type.Bytes || partBytes is not (1 or 2 or 4))
        {
            throw r.Refuse("mov into parts that do not fill the source");
        }
        // Through a copy: the source may be one of the destinations.
        var temporary = r.Layout.Allocate(type.Bytes).OffsetBytes;
        Copy(r, type.Bytes, source, temporary);
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Form != OperandForm.Sink)
            {
                var d = r.DestinationSlot(parts[i], partBytes == 1 ? 2 : partBytes);
                r.Emit(InstructionClass.Integer, PartMoves.Unpack(temporary, type.Bytes, i, d, partBytes));
            }
        }
    }

    private static void Pack(InstructionReader r, PtxType type)
    {
        var parts = r[1].Elements;
        var partBytes = type.Bytes / parts.Count;
        if (partBytes * parts.Count != type.Bytes || partBytes is not (1 or 2 or 4))
        {
            throw r.Refuse("mov of parts that do not fill the destination");
        }
        var destination = r.Destination(0, type.Bytes);
        var temporary = r.Layout.Allocate(type.Bytes).OffsetBytes;
        for (var i = 0; i < parts.Count; i++)
        {
            var s = r.Slot(parts[i], partBytes == 1 ? 2 : partBytes);
            r.Emit(InstructionClass.Integer, PartMoves.Pack(s, temporary, type.Bytes, i, partBytes));
        }
        Copy(r, type.Bytes, temporary, destination);
    }

    private static void ConvertAddress(InstructionReader r)
    {
        var to = r.Take("to");
        var space = r.TakeOneOf("global", "shared", "shared::cta", "local", "const", "param", "param::entry");
        var type = r.TakeType();
        r.End(2);
        if (type.Bytes != 8 || space is null)
        {
            throw r.Refuse("cvta needs a space and 64 bits");
        }
        var window = AddressSpaces.Window(space);
        if (window == 0)
        {
            Copy(r, 8, r.Source(1, 8), r.Destination(0, 8));
            return;
        }
        r.Unary<ulong, ulong>(InstructionClass.Other, to ? a => a - window : a => a + window);
    }

    private static void IsSpace(InstructionReader r)
    {
        var space =
            r.TakeOneOf("global", "shared", "shared::cta", "local", "const", "param", "param::entry")
            ?? throw r.Refuse("isspacep needs a space");
        r.End(2);
        var source = r.Source(1, 8);
        var wanted = AddressSpaces.Named(space);
        r.Emit(
            InstructionClass.Other,
            new LaneOperations.SetPredicate<ulong>(
                source,
                source,
                (a, _) => AddressSpaces.Of(a) == wanted,
                new(r.Destination(0, 0), -1, 0, false, null)
            )
        );
    }
}
