using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx;

/// <summary>A PTX module: its kernels and variables. Kernels are decoded on first use.</summary>
public sealed class PtxModule
{
    private PtxModule(string text, ModuleScanner scanner)
    {
        Text = text;
        Version = scanner.Version;
        Target = scanner.Target;
        Variables = scanner.Variables;
        var kernels = new Dictionary<string, PtxKernel>(StringComparer.Ordinal);
        foreach (var header in scanner.Kernels)
        {
            if (!kernels.TryAdd(header.Name, new PtxKernel(this, header)))
            {
                throw new PtxException("kernel stands twice", header.Line, header.Name);
            }
        }
        Kernels = kernels;
    }

    /// <summary>Version of the PTX language, such as 8.0.</summary>
    public Version Version { get; }

    /// <summary>Target architecture, such as <c>sm_80</c>.</summary>
    public string Target { get; }

    /// <summary>Kernels by name.</summary>
    public IReadOnlyDictionary<string, PtxKernel> Kernels { get; }

    internal string Text { get; }

    internal IReadOnlyDictionary<string, VariableDeclaration> Variables { get; }

    /// <summary>Reads a module. Bodies of kernels are only delimited; <see cref="CheckAll"/> decodes them.</summary>
    /// <param name="ptx">PTX text.</param>
    /// <exception cref="PtxException">The text is not a module this emulator knows.</exception>
    public static PtxModule Parse(string ptx)
    {
        ArgumentNullException.ThrowIfNull(ptx);
        var scanner = new ModuleScanner(ptx);
        scanner.Scan();
        return new(ptx, scanner);
    }

    /// <summary>Decodes every kernel.</summary>
    /// <exception cref="PtxException">A kernel holds an instruction or modifier that is not known.</exception>
    public void CheckAll()
    {
        foreach (var kernel in Kernels.Values)
        {
            _ = kernel.Program;
        }
    }
}
