using System.Security.Cryptography;
using System.Text;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Kernels in a folder as <c>kernels/build</c> fills one: <c>sm_90/linear_int4.ptx</c> and its like.</summary>
internal sealed class KernelFolder : KernelSource
{
    /// <summary>How the line with nvcc's version begins, which ends in <c>, release 12.4, V12.4.131</c>.</summary>
    private const string NvccLine = "// Cuda compilation tools";

    private readonly string _folder;
    private readonly KernelModuleFile[] _modules;

    /// <summary>Finds the modules of a folder.</summary>
    /// <exception cref="InputException">There is no such folder, or no module in it.</exception>
    public KernelFolder(string folder)
    {
        _folder = folder;
        _modules = Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder).SelectMany(ModulesIn)]
            : throw new InputException(
                $"{Variable} '{folder}' is no folder; give one that kernels/build has filled, or leave it unset for the program's own kernels."
            );
        if (_modules.Length == 0)
        {
            throw new InputException(
                $"{Variable} '{folder}' has no kernels; give a folder with files like sm_90/linear_int4.ptx, which kernels/build makes."
            );
        }
    }

    /// <summary>The folder that <see cref="KernelSource.Variable"/> names, or the program's own kernels where it is not set.</summary>
    /// <exception cref="InputException">There is no such folder, or no module in it.</exception>
    public static KernelSource OrOwn(string? folder) => string.IsNullOrEmpty(folder) ? Own : new KernelFolder(folder);

    public override string Words => $"the kernels of {Variable} '{_folder}'";

    public override OtherKernels Identify(int architecture)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var compilers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string module in ModulesOf(architecture).Order(StringComparer.Ordinal))
        {
            byte[] text = Read(architecture, module);
            hash.AppendData(Encoding.UTF8.GetBytes($"{module} {text.Length}\n"));
            hash.AppendData(text);
            compilers.Add(CompilerOf(text));
        }

        return new OtherKernels(
            Path.GetFullPath(_folder),
            string.Join(" and ", compilers),
            Convert.ToHexStringLower(hash.GetHashAndReset())
        );
    }

    public override string Describe(int architecture, string module) =>
        $"{base.Describe(architecture, module)} in {_folder}";

    protected override IEnumerable<KernelModuleFile> Modules() => _modules;

    protected override Stream Open(KernelModuleFile file) => File.OpenRead(file.Name);

    protected override Exception Missing(int architecture, string module) =>
        new InputException(
            $"{Variable} '{_folder}' has no module {module} for sm_{architecture} or older; build it with kernels/build, or leave the variable unset."
        );

    /// <summary>What nvcc says of itself; LLVM names no version, and kernels/build leaves its comments out.</summary>
    private static string CompilerOf(byte[] text)
    {
        string? line = Encoding
            .ASCII.GetString(text, 0, Math.Min(text.Length, HeadBytes))
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith(NvccLine, StringComparison.Ordinal));
        int version = line?.LastIndexOf(" V", StringComparison.Ordinal) ?? -1;
        return version < 0 ? "a compiler that they do not name" : $"nvcc {line![(version + 2)..].Trim()}";
    }

    private static IEnumerable<KernelModuleFile> ModulesIn(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Select(file => KernelModuleFile.Of(file, Path.GetFileName(folder), Path.GetFileName(file)))
            .OfType<KernelModuleFile>();
}
