using GpuDecodeBench.Ptx.Decoding;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx;

/// <summary>A kernel of a module.</summary>
public sealed class PtxKernel
{
    private readonly KernelHeader _header;
    private readonly Lazy<KernelBody> _body;
    private readonly Lazy<KernelProgram> _program;

    internal PtxKernel(PtxModule module, KernelHeader header)
    {
        Module = module;
        _header = header;
        _body = new(() => KernelParser.Parse(module.Text, header.BodyPosition, header.BodyLine, header.BodyEnd));
        _program = new(() => KernelDecoder.Decode(module, header, _body.Value));
    }

    /// <summary>Module the kernel stands in.</summary>
    public PtxModule Module { get; }

    /// <summary>Name of the entry.</summary>
    public string Name => _header.Name;

    /// <summary>Bytes of all parameters with their alignment.</summary>
    public int ParameterBytes => _header.ParameterBytes;

    /// <summary>Offset in bytes of every parameter, in order.</summary>
    public IReadOnlyList<int> ParameterOffsets => [.. _header.Parameters.Select(p => (int)p.OffsetBytes)];

    /// <summary>Bytes of shared memory of declared size.</summary>
    public int StaticSharedBytes => Program.StaticSharedBytes;

    /// <summary>Bytes of local memory a thread needs; 0 where everything lies in registers.</summary>
    public int LocalBytes => Program.LocalBytes;

    /// <summary>Most threads in a CTA by <c>.maxntid</c> or <c>.reqntid</c>, null where neither stands.</summary>
    public int? MaxThreads =>
        _header.Limits.TryGetValue(".reqntid", out var required) ? required
        : _header.Limits.TryGetValue(".maxntid", out var most) ? most
        : null;

    /// <summary>Fewest CTAs on a multiprocessor the compiler was to allow for, null where not said.</summary>
    public int? MinCtasPerMultiprocessor => _header.Limits.TryGetValue(".minnctapersm", out var count) ? count : null;

    /// <summary>Whether the kernel has shared memory whose size the launch gives.</summary>
    public bool UsesDynamicShared => Program.UsesDynamicShared;

    /// <summary>The kernel's instructions in the order of the text.</summary>
    public IReadOnlyList<PtxInstruction> Instructions => [.. _body.Value.Instructions.Select(i => i.Source)];

    internal KernelProgram Program => _program.Value;
}
