using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Ceilings;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Cuda.Tuning;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>A GPU, real or emulated, behind the CUDA driver's interface.</summary>
internal sealed partial class CudaDevice : IDecodeDevice, ITunableDevice
{
    /// <summary>The environment variable that keeps operations apart where it is 0.</summary>
    public const string FusionVariable = "GPU_DECODE_BENCH_FUSION";

    private readonly KernelChoices _found = new();
    private CudaCeilings? _ceilings;
    private double _tuningSeconds;
    private bool _tuningEndedByLimit;

    private CudaDevice(DeviceDescription description, CudaLibrary library, CudaContext context, CudaKernels kernels)
    {
        Context = context;
        Kernels = kernels;
        Generator = new CudaGenerator(context, kernels);
        Store = new CudaTensorStore(this);
        Choices = _found;
        Description = description with
        {
            Detail = string.Create(
                CultureInfo.InvariantCulture,
                $"compute capability {context.Device.ComputeMajor}.{context.Device.ComputeMinor}, {context.Device.MultiprocessorCount} multiprocessors, CUDA {library.DriverVersion / 1000}.{library.DriverVersion % 1000 / 10}, kernels for sm_{kernels.Architecture}{(context.Device.IsMigInstance ? ", a MIG instance: a part of a GPU" : "")}{(FusesOperations ? "" : ", operations apart")}{(kernels.CarveoutPercent is int percent ? $", {percent} % of first-level caches asked for as shared memory" : "")}{(kernels.GroupsAhead > 0 ? $", products ask for {kernels.GroupsAhead} groups ahead" : "")}{(kernels.Other is OtherKernels other ? $"; {other}" : "")}"
            ),
            OtherKernels = kernels.Other,
        };
    }

    public DeviceDescription Description { get; }

    /// <summary>What serving software keeps activations in, whatever the weights' format.</summary>
    public ActivationFormat Activations => ActivationFormat.Bf16;

    public long? AvailableBytes => Context.MemoryInfo().FreeBytes;

    public CudaContext Context { get; }

    public CudaKernels Kernels { get; }

    /// <summary>Makes synthetic data on the device.</summary>
    public CudaGenerator Generator { get; }

    /// <summary>
    /// Whether synthetic weights, keys and values are made on the device rather than on the host and copied. An emulated device is
    /// slower at it than the host.
    /// </summary>
    public bool GeneratesOnDevice { get; private init; }

    public CudaTensorStore Store { get; }

    /// <summary>What computes an emulated device; null for a real one.</summary>
    public PtxMachine? Machine { get; private init; }

    /// <summary>Whether operations that follow one another may share a launch, in sessions that are opened from now on.</summary>
    public bool FusesOperations { get; set; } = Environment.GetEnvironmentVariable(FusionVariable) != "0";

    public TimeSpan TuningLimit { get; set; }

    public TuningReport Tuning => new([.. _found.Entries], _tuningSeconds, _tuningEndedByLimit, [.. _found.Ignored]);

    /// <summary>Decides how steps are launched: by what was found, unless a test decides.</summary>
    public IKernelChoices Choices { get; set; }

    /// <summary>Whether to time kernels although the device is not for measuring: a test of what tuning does to results.</summary>
    public bool TunesWithoutMeasuring { get; set; }

    /// <summary>Whether opening a session may spend time on tuning.</summary>
    public bool MayTune =>
        TuningLimit > TimeSpan.Zero
        && (Description.IsForMeasuring || TunesWithoutMeasuring)
        && ReferenceEquals(Choices, _found);

    public CudaDeviceInfo Information => Context.Device;

    /// <summary>Takes a device of a library into use.</summary>
    /// <param name="description">What is known of it.</param>
    /// <param name="library">The library.</param>
    /// <param name="device">The device.</param>
    /// <param name="machine">What computes an emulated device; null for a real one.</param>
    /// <param name="generatesOnDevice">Where synthetic data is made; null for what is faster.</param>
    /// <param name="kernels">Where kernels are read.</param>
    /// <exception cref="DeviceUnavailableException">It is not to be had, in words.</exception>
    public static CudaDevice Open(
        DeviceDescription description,
        CudaLibrary library,
        CudaDeviceInfo device,
        KernelSource kernels,
        PtxMachine? machine = null,
        bool? generatesOnDevice = null
    )
    {
        CudaContext context = library.CreateContext(device);
        try
        {
            return new CudaDevice(description, library, context, CudaKernels.For(kernels, library, context))
            {
                Machine = machine,
                GeneratesOnDevice = generatesOnDevice ?? machine is null,
            };
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    public void UseTuning(IReadOnlyList<TuningEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _found.Offer(entries);
    }

    /// <summary>Chooses as the device does, and collects what there is to find.</summary>
    public TuningTaskCollector CollectTasks() => new(_found);

    /// <summary>Tries what was collected.</summary>
    public void Tune(ITuningTimer timer, IReadOnlyList<TuningTask> tasks, CancellationToken cancellation)
    {
        var tuner = new KernelTuner(timer, TuningLimit.TotalSeconds, cancellation);
        double before = timer.ElapsedSeconds;
        try
        {
            foreach (TuningEntry entry in tuner.Tune(tasks))
            {
                _found.Add(entry);
            }
        }
        finally
        {
            _tuningSeconds += timer.ElapsedSeconds - before;
            _tuningEndedByLimit |= tuner.EndedByLimit;
        }
    }

    public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation)
    {
        if (!Description.IsForMeasuring)
        {
            return new DeviceCeilings();
        }

        _ceilings ??= new CudaCeilings(this);
        return _ceilings.Measure(limit, cancellation);
    }

    public double? ReadOnceBytesPerSecond() => _ceilings?.ReadOnce();

    public IDeviceModel LoadModel(
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Conditions.TensorParallel != 1)
        {
            throw new DeviceUnavailableException(
                $"The CUDA backend runs on one device; tensor-parallel degree {plan.Conditions.TensorParallel} can only be predicted."
            );
        }

        return CudaModel.Load(this, plan, seed, progress, cancellation);
    }

    /// <summary>
    /// Keeps a stream busy for some tens of microseconds or more, so that what is given to it next is there in full before it begins: no
    /// time between pieces of work is the host's.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="launches">Kernels that will be launched, and events that will be recorded, one by one.</param>
    public void HoldBack(CudaStream stream, int launches) =>
        CudaHold.Launch(this, stream, CudaHold.ForLaunches(launches));

    public void Dispose()
    {
        _ceilings?.Dispose();
        Context.Dispose();
        Machine?.Dispose();
    }
}
