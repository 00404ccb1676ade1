namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Where a comparison's result goes and what it is joined with.</summary>
internal sealed unsafe class SetPredicateTargets(int d, int second, int c, bool cNegated, string? join)
{
    public void Write(byte* registers, uint result, uint mask)
    {
        var direct = result;
        var inverted = ~result;
        if (join is not null)
        {
            var with = *(uint*)(registers + c);
            with = cNegated ? ~with : with;
            direct = Join(direct, with);
            inverted = Join(inverted, with);
        }
        Put(registers, d, direct, mask);
        if (second >= 0)
        {
            Put(registers, second, inverted, mask);
        }
    }

    private uint Join(uint value, uint with) =>
        join switch
        {
            "and" => value & with,
            "or" => value | with,
            _ => value ^ with,
        };

    private static void Put(byte* registers, int offset, uint value, uint mask)
    {
        var p = (uint*)(registers + offset);
        *p = (*p & ~mask) | (value & mask);
    }
}
