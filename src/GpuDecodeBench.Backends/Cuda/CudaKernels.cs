using System.Globalization;
using System.Reflection;
using System.Text;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// The kernels for one GPU: PTX from the program itself, compiled by the driver module by module when it is first asked for.
/// </summary>
internal sealed class CudaKernels
{
    /// <summary>Compute capabilities that there is PTX for, the newest first. A GPU runs PTX for any that is not newer.</summary>
    private static readonly int[] s_architectures = [90, 89, 80, 75];

    private const int DependentGraphsDriverVersion = 12030;

    /// <summary>
    /// From here on the driver's compiler takes the kernels of a module side by side: CU_JIT_SPLIT_COMPILE of
    /// https://docs.nvidia.com/cuda/archive/13.0.0/cuda-driver-api/group__CUDA__TYPES.html.
    /// </summary>
    private const int ParallelCompilerDriverVersion = 13000;

    /// <summary>The compute capability whose kernels differences are to.</summary>
    private const int DifferenceFrom = 80;

    /// <summary>How the names of modules end that are kept as what differs from an older one.</summary>
    private const string DifferenceEnding = ".diff";

    private readonly CudaContext _context;
    private readonly int _driverVersion;
    private readonly Dictionary<string, CudaModule> _modules = [];
    private readonly Dictionary<(string Module, string Kernel), CudaFunction> _functions = [];

    /// <summary>
    /// The environment variable that gives every kernel the same wish for shared memory, in percent of a multiprocessor's first-level cache:
    /// one that changes its share between kernels may first have to run empty.
    /// </summary>
    public const string CarveoutVariable = "GPU_DECODE_BENCH_CARVEOUT";

    private CudaKernels(CudaContext context, int architecture, int driverVersion)
    {
        _driverVersion = driverVersion;
        _context = context;
        Architecture = architecture;
    }

    /// <summary>The compute capability that the kernels were made for: 80 for 8.0.</summary>
    public int Architecture { get; }

    /// <summary>Percent of the first-level cache that every kernel asks for as shared memory; null leaves it to the driver.</summary>
    public int? CarveoutPercent { get; set; }

    /// <summary>Whether products run on tensor cores.</summary>
    public bool HasMatrixInstructions => Architecture >= 80;

    /// <summary>
    /// Whether a kernel may start while the one before it ends: on compute capability 9.0, and in graphs with drivers of CUDA 12.3
    /// on (https://docs.nvidia.com/cuda/archive/12.3.0/cuda-c-programming-guide/index.html, "Use in CUDA Graphs").
    /// </summary>
    public bool HasDependentLaunch => Architecture >= 90 && _driverVersion >= DependentGraphsDriverVersion;

    /// <summary>Finds the best PTX for a GPU and its driver.</summary>
    /// <exception cref="DeviceUnavailableException">There is none, in words.</exception>
    public static CudaKernels For(CudaLibrary library, CudaContext context)
    {
        string? whyNot = null;
        foreach (int architecture in s_architectures)
        {
            if (architecture > context.Device.Compute)
            {
                continue;
            }

            // The newest of its modules: some need a newer driver than the rest.
            (int major, int minor) = ModulesOf(architecture).Max(module => VersionOf(architecture, module));
            whyNot = library.WhyPtxUnsupported(major, minor);
            if (whyNot is null)
            {
                return new CudaKernels(context, architecture, library.DriverVersion)
                {
                    CarveoutPercent = ReadCarveout(Environment.GetEnvironmentVariable(CarveoutVariable)),
                };
            }
        }

        throw new DeviceUnavailableException(
            whyNot
                ?? $"{context.Device.Name} has compute capability {context.Device.ComputeMajor}.{context.Device.ComputeMinor}; kernels here need 7.5 or newer."
        );
    }

    /// <summary>What <see cref="CarveoutVariable"/> says; null where it is not set.</summary>
    /// <exception cref="InputException">It is not a percentage.</exception>
    internal static int? ReadCarveout(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent <= 100
            ? percent
        : throw new InputException(
            $"{CarveoutVariable} '{text}' is not accepted; give a whole number of percent from 0 to 100, or leave it unset for the driver's choice."
        );

    /// <summary>A kernel of a module.</summary>
    public CudaFunction Get(string module, string kernel)
    {
        if (!_functions.TryGetValue((module, kernel), out CudaFunction? function))
        {
            if (!_modules.TryGetValue(module, out CudaModule? loaded))
            {
                loaded = _context.LoadModule(
                    Read(Architecture, module),
                    $"{module} (sm_{Architecture})",
                    new CudaJitOptions(IsParallel: _driverVersion >= ParallelCompilerDriverVersion)
                );
                _modules.Add(module, loaded);
            }

            function = loaded.Function(kernel);
            if (CarveoutPercent is int percent)
            {
                function.SetCarveout(percent);
            }

            _functions.Add((module, kernel), function);
        }

        return function;
    }

    /// <summary>Names of all modules of an architecture, those that it shares with an older one included.</summary>
    internal static IEnumerable<string> ModulesOf(int architecture) =>
        Resources()
            .Where(resource => resource.Architecture <= architecture)
            .Select(resource => resource.Module)
            .Distinct(StringComparer.Ordinal);

    /// <summary>
    /// The PTX of a module: the architecture's own, that of the next older one that has it, or that and what differs
    /// (<c>kernels/build</c>).
    /// </summary>
    internal static byte[] Read(int architecture, string module)
    {
        (string name, _, _) = Find(architecture, module);
        byte[] text = Read(name);
        return IsDifference(name) ? TextDifference.Apply(Read(DifferenceFrom, module), text) : text;
    }

    private static (string Name, int Architecture, string Module) Find(int architecture, string module) =>
        Resources()
            .Where(resource => resource.Module == module && resource.Architecture <= architecture)
            .OrderByDescending(resource => resource.Architecture)
            .FirstOrDefault();

    private static byte[] Read(string? name)
    {
        using Stream stream =
            (name is null ? null : Assembly.GetExecutingAssembly().GetManifestResourceStream(name))
            ?? throw new InvalidOperationException("This build does not have the kernels that were asked for.");
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    private static bool IsDifference(string name) => name.EndsWith(DifferenceEnding, StringComparison.Ordinal);

    /// <summary>The program's PTX: <c>ptx/sm_80/linear_int4.ptx</c> and its like.</summary>
    private static IEnumerable<(string Name, int Architecture, string Module)> Resources()
    {
        foreach (string name in Assembly.GetExecutingAssembly().GetManifestResourceNames())
        {
            string[] parts = name.Split('/', '\\');
            if (parts is ["ptx", ['s', 'm', '_', .. string number], string file])
            {
                string module = file[..file.IndexOf(".ptx", StringComparison.Ordinal)];
                yield return (name, int.Parse(number, CultureInfo.InvariantCulture), module);
            }
        }
    }

    private static (int Major, int Minor) VersionOf(int architecture, string module)
    {
        // A difference has the newer version among its first lines.
        byte[] ptx = Read(Find(architecture, module).Name);
        string text = Encoding.ASCII.GetString(ptx, 0, Math.Min(ptx.Length, 4096));
        string[] parts = text.Split(".version", 2)[1].Split('\n', 2)[0].Trim().Split('.');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
