using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Tuning;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>A step on a GPU: captured once into a graph, and replayed.</summary>
internal sealed class CudaSession : IDecodeSession
{
    private readonly CudaDevice _device;
    private readonly CudaStepMemory _memory;
    private readonly CudaStage[] _stages;
    private readonly CudaStream _stream;
    private readonly HeldTimer _timer;
    private readonly CudaStepTrace _trace;
    private CudaEvent[] _marks = [];
    private CudaGraph? _graph;
    private bool _hasRun;

    private CudaSession(CudaDevice device, CudaModel model, CudaStepMemory memory, StepInputs inputs)
    {
        _device = device;
        _memory = memory;
        Seed = model.Seed;
        Inputs = inputs;
        _stages = [.. CudaStage.Of(new CudaStepBuilder(device, model, memory, device.Choices).Build())];
        _stream = device.Context.CreateStream();
        _timer = new HeldTimer(device, _stream);
        _trace = new CudaStepTrace(memory);
    }

    public DecodeStepPlan Plan => _memory.Plan;

    public ulong Seed { get; }

    public StepInputs Inputs { get; }

    public long AllocatedBytes => _memory.AllocatedBytes;

    public IReadOnlyList<int>? DistinctExperts => _hasRun ? _memory.ReadDistinctExperts() : null;

    /// <summary>What the step works on.</summary>
    internal CudaStepMemory Memory => _memory;

    /// <summary>Kernels that a step launches.</summary>
    internal int Launches => _stages.Sum(stage => stage.Works.Length);

    /// <summary>What a step launches, in order.</summary>
    internal IReadOnlyList<CudaStage> Stages => _stages;

    public IReadOnlyList<OperationTraffic>? Traffic { get; private set; }

    public bool TimesMayIncludeHost => _timer.MayIncludeHost;

    public static CudaSession Open(
        CudaDevice device,
        CudaModel model,
        DecodeStepPlan plan,
        StepInputs inputs,
        CancellationToken cancellation
    )
    {
        var memory = new CudaStepMemory(device, plan);
        try
        {
            memory.Allocate(model.Seed, inputs, cancellation);
            if (device.MayTune)
            {
                // Before the check against the reference: what is checked is what is timed.
                using var tuning = new SessionTuning(device, model, memory);
                tuning.Run(cancellation);
            }

            return new CudaSession(device, model, memory, inputs);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public double RunStep()
    {
        CudaGraph graph = _graph ??= Capture();
        double seconds = _timer.Seconds(CudaHold.ForGraph(Launches), () => _stream.Launch(graph));
        _hasRun = true;
        return seconds;
    }

    /// <summary>No hold and no events between the steps: the device has no time that is the host's.</summary>
    public void RunSteps(int count)
    {
        _graph ??= Capture();
        for (int i = 0; i < count; i++)
        {
            _stream.Launch(_graph);
        }

        _stream.Synchronize();
        _hasRun = true;
    }

    public double RunStepByOperation(Span<double> operationSeconds)
    {
        if (_marks.Length == 0)
        {
            _marks = [.. Enumerable.Range(0, _stages.Length + 1).Select(_ => _device.Context.CreateEvent())];
        }

        _device.HoldBack(_stream, Launches + _stages.Length);
        for (int i = 0; i < _stages.Length; i++)
        {
            _stream.Record(_marks[i]);
            foreach (CudaWork work in _stages[i].Works)
            {
                Launch(work, work.Arguments);
            }
        }

        _stream.Record(_marks[^1]);
        _stream.Synchronize();
        _hasRun = true;
        for (int i = 0; i < _stages.Length; i++)
        {
            _stages[i].Divide(_marks[i + 1].SecondsSince(_marks[i]), operationSeconds);
        }

        return Math.Max(_marks[^1].SecondsSince(_marks[0]), Sum(operationSeconds));
    }

    public void RunStepTraced(IStepTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        using var counting = new CudaTrafficCount(_device, _memory);
        foreach (CudaStage stage in _stages)
        {
            _trace.Poison(stage);
            foreach (CudaWork work in stage.Works)
            {
                Launch(work, work.TracedArguments);
            }

            _stream.Synchronize();
            counting.Close(stage.Operations);
            _trace.Show(stage, trace);
        }

        _hasRun = true;
        Traffic = counting.Finish(Inputs, DistinctExperts);
    }

    public void PoisonStep() => _trace.PoisonStep();

    public void ShowResults(IStepTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        _trace.ShowResults(trace);
    }

    public void Dispose()
    {
        _graph?.Dispose();
        foreach (CudaEvent mark in _marks)
        {
            mark.Dispose();
        }

        _timer.Dispose();
        _stream.Dispose();
        _memory.Dispose();
    }

    /// <summary>The clock of events is coarse: the parts' sum may exceed the whole by its steps.</summary>
    private static double Sum(ReadOnlySpan<double> seconds)
    {
        double sum = 0;
        foreach (double value in seconds)
        {
            sum += value;
        }

        return sum;
    }

    private CudaGraph Capture()
    {
        _stream.BeginCapture();
        try
        {
            foreach (CudaWork work in _stages.SelectMany(stage => stage.Works))
            {
                Launch(work, work.Arguments);
            }

            return _stream.EndCapture();
        }
        catch
        {
            _stream.AbandonCapture();
            throw;
        }
    }

    private void Launch(CudaWork work, byte[] arguments) => _stream.Launch(work.Launch, arguments, work.What);
}
