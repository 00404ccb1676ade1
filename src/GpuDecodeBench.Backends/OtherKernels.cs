namespace GpuDecodeBench.Backends;

/// <summary>Kernels that a device runs instead of the program's own: whoever reads its results must know.</summary>
/// <param name="Folder">Where they lie.</param>
/// <param name="Compiler">What compiled them, as they say themselves.</param>
/// <param name="Sha256">The digest of all modules, in hexadecimal: other kernels have another.</param>
public sealed record OtherKernels(string Folder, string Compiler, string Sha256)
{
    private const int ShortLength = 12;

    /// <summary>As much of the digest as a person compares.</summary>
    public string Mark => Sha256[..ShortLength];

    /// <summary>
    /// A version of the program with these kernels: <c>0.3.0+kernels.0123456789ab</c>, build metadata as https://semver.org/#spec-item-10
    /// has it.
    /// </summary>
    public string Version(string version) => $"{version}+kernels.{Mark}";

    /// <summary>One phrase for a person.</summary>
    public override string ToString() =>
        $"other kernels than the program's own: {Folder}, by {Compiler}, SHA-256 {Mark}";
}
