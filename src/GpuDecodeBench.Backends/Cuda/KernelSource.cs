using System.Text;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Where modules of PTX are read: the program itself, or a folder that somebody compiled them into.</summary>
internal abstract class KernelSource
{
    /// <summary>The environment variable that names a folder of kernels to run instead of the program's own.</summary>
    public const string Variable = "GPU_DECODE_BENCH_KERNELS";

    /// <summary>The compute capability whose kernels differences are to.</summary>
    private const int DifferenceFrom = 80;

    /// <summary>How much of a module's beginning has its version, and its compiler's where that names itself.</summary>
    protected const int HeadBytes = 4096;

    /// <summary>The kernels in the program.</summary>
    public static KernelSource Own { get; } = new EmbeddedKernels();

    /// <summary>What is run instead of the program's own kernels on a GPU of a compute capability; null for the program's own.</summary>
    public virtual OtherKernels? Identify(int architecture) => null;

    /// <summary>What to call all of them in messages.</summary>
    public virtual string Words => "kernels here";

    /// <summary>Compute capabilities that there are kernels for, the newest first. A GPU runs PTX for any that is not newer.</summary>
    public IEnumerable<int> Architectures =>
        Modules().Select(module => module.Architecture).Distinct().OrderDescending();

    /// <summary>Names of all modules of an architecture, those that it shares with an older one included.</summary>
    public IEnumerable<string> ModulesOf(int architecture) =>
        Modules()
            .Where(module => module.Architecture <= architecture)
            .Select(module => module.Module)
            .Distinct(StringComparer.Ordinal);

    /// <summary>
    /// The PTX of a module: the architecture's own, that of the next older one that has it, or that and what differs
    /// (<c>kernels/build</c>).
    /// </summary>
    /// <exception cref="InputException">A folder does not have it.</exception>
    public virtual byte[] Read(int architecture, string module)
    {
        KernelModuleFile found = Find(architecture, module);
        byte[] text = Read(found);
        return found.IsDifference ? TextDifference.Apply(Read(DifferenceFrom, module), text) : text;
    }

    /// <summary>The version of PTX that a module is written in.</summary>
    /// <exception cref="InputException">A folder does not have the module, or the module no version.</exception>
    public (int Major, int Minor) VersionOf(int architecture, string module)
    {
        KernelModuleFile found = Find(architecture, module);
        // A difference has the newer version among its first lines; nvcc writes one version for all, and then it stands in the older text alone.
        return VersionIn(found)
            ?? (found.IsDifference ? VersionIn(Find(DifferenceFrom, module)) : null)
            ?? throw new InputException($"{found.Name} is no PTX: it has no '.version' among its first lines.");
    }

    /// <summary>What to call a module in messages.</summary>
    public virtual string Describe(int architecture, string module) => $"{module} (sm_{architecture})";

    /// <summary>All modules that there are.</summary>
    protected abstract IEnumerable<KernelModuleFile> Modules();

    /// <summary>A module's text, or what differs.</summary>
    protected abstract Stream Open(KernelModuleFile file);

    /// <summary>What to throw where a module is missing.</summary>
    protected abstract Exception Missing(int architecture, string module);

    /// <summary>A module's text, or what differs; at most so many bytes from its beginning.</summary>
    protected byte[] Read(KernelModuleFile file, int mostBytes = int.MaxValue)
    {
        using Stream stream = Open(file);
        var text = new byte[Math.Min(stream.Length, mostBytes)];
        stream.ReadExactly(text);
        return text;
    }

    private (int Major, int Minor)? VersionIn(KernelModuleFile file)
    {
        string[] behind = Encoding.ASCII.GetString(Read(file, HeadBytes)).Split(".version", 2);
        return behind.Length == 2 && Version.TryParse(behind[1].Split('\n', 2)[0].Trim(), out Version? version)
            ? (version.Major, version.Minor)
            : null;
    }

    private KernelModuleFile Find(int architecture, string module) =>
        Modules()
            .Where(file => file.Module == module && file.Architecture <= architecture)
            .OrderByDescending(file => file.Architecture)
            .FirstOrDefault()
        ?? throw Missing(architecture, module);
}
