using System.Numerics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Moves one element per lane between memory and a register of the same or greater width.</summary>
internal abstract unsafe class ElementMover
{
    public static ElementMover Create(int memoryBytes, bool signed, int registerBytes) =>
        (memoryBytes, signed) switch
        {
            (1, false) => ForRegister<byte>(registerBytes),
            (1, true) => ForRegister<sbyte>(registerBytes),
            (2, false) => ForRegister<ushort>(registerBytes),
            (2, true) => ForRegister<short>(registerBytes),
            (4, false) => ForRegister<uint>(registerBytes),
            (4, true) => ForRegister<int>(registerBytes),
            _ => ForRegister<ulong>(registerBytes),
        };

    public abstract void Load(byte** pointers, int offsetBytes, byte* register, uint mask);

    public abstract void Store(byte** pointers, int offsetBytes, byte* register, uint mask);

    private static ElementMover ForRegister<TMemory>(int registerBytes)
        where TMemory : unmanaged, IBinaryInteger<TMemory> =>
        registerBytes switch
        {
            2 => new Mover<TMemory, ushort>(),
            4 => new Mover<TMemory, uint>(),
            _ => new Mover<TMemory, ulong>(),
        };

    private sealed class Mover<TMemory, TRegister> : ElementMover
        where TMemory : unmanaged, IBinaryInteger<TMemory>
        where TRegister : unmanaged, IBinaryInteger<TRegister>
    {
        public override void Load(byte** pointers, int offsetBytes, byte* register, uint mask)
        {
            var values = (TRegister*)register;
            if (mask == uint.MaxValue)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    values[lane] = TRegister.CreateTruncating(*(TMemory*)(pointers[lane] + offsetBytes));
                }
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                values[lane] = TRegister.CreateTruncating(*(TMemory*)(pointers[lane] + offsetBytes));
            }
        }

        public override void Store(byte** pointers, int offsetBytes, byte* register, uint mask)
        {
            var values = (TRegister*)register;
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                *(TMemory*)(pointers[lane] + offsetBytes) = TMemory.CreateTruncating(values[lane]);
            }
        }
    }
}
