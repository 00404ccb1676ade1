using System.Collections.Concurrent;
using System.Reflection;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>The program's own kernels, which it has in itself.</summary>
internal sealed class EmbeddedKernels : KernelSource
{
    private static readonly Lazy<KernelModuleFile[]> s_modules = new(() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Select(Of).OfType<KernelModuleFile>()]
    );

    private static readonly ConcurrentDictionary<(int Architecture, string Module), byte[]> s_texts = new();

    /// <summary>As the base says; each that was asked for is kept, for it is the same for every device and some are megabytes long.</summary>
    public override byte[] Read(int architecture, string module) =>
        s_texts.GetOrAdd((architecture, module), key => base.Read(key.Architecture, key.Module));

    protected override IEnumerable<KernelModuleFile> Modules() => s_modules.Value;

    protected override Stream Open(KernelModuleFile file) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream(file.Name)
        ?? throw Missing(file.Architecture, file.Module);

    protected override Exception Missing(int architecture, string module) =>
        new InvalidOperationException("This build does not have the kernels that were asked for.");

    /// <summary>Of <c>ptx/sm_80/linear_int4.ptx</c> and its like.</summary>
    private static KernelModuleFile? Of(string resource) =>
        resource.Split('/', '\\') is ["ptx", string folder, string file]
            ? KernelModuleFile.Of(resource, folder, file)
            : null;
}
