using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>A kernel ready to run.</summary>
internal sealed class KernelProgram
{
    public required Operation[] Code { get; init; }

    public required int RegisterBytes { get; init; }

    public required (int OffsetBytes, int WidthBytes, ulong Bits)[] Constants { get; init; }

    public required (int OffsetBytes, int WidthBytes, string Symbol)[] Symbols { get; init; }

    public required (int OffsetBytes, int WidthBytes, string Name)[] Specials { get; init; }

    public required int StaticSharedBytes { get; init; }

    public required int LocalBytes { get; init; }

    public required bool UsesDynamicShared { get; init; }
}
