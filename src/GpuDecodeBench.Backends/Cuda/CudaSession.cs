using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>A step on a GPU: captured once into a graph, and replayed.</summary>
internal sealed class CudaSession : IDecodeSession
{
    private readonly CudaDevice _device;
    private readonly CudaStepMemory _memory;
    private readonly CudaWork[] _work;
    private readonly CudaStream _stream;
    private readonly CudaEvent _begin;
    private readonly CudaEvent _end;
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
        _work = [.. new CudaStepBuilder(device, model, memory).Build()];
        _stream = device.Context.CreateStream();
        _begin = device.Context.CreateEvent();
        _end = device.Context.CreateEvent();
        _trace = new CudaStepTrace(memory);
    }

    public DecodeStepPlan Plan => _memory.Plan;

    public ulong Seed { get; }

    public StepInputs Inputs { get; }

    public long AllocatedBytes => _memory.AllocatedBytes;

    public IReadOnlyList<int>? DistinctExperts => _hasRun ? _memory.ReadDistinctExperts() : null;

    public IReadOnlyList<OperationTraffic>? Traffic { get; private set; }

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
        _graph ??= Capture();
        _device.HoldBack(_stream, 0);
        _stream.Record(_begin);
        _stream.Launch(_graph);
        _stream.Record(_end);
        _stream.Synchronize();
        _hasRun = true;
        return _end.SecondsSince(_begin);
    }

    public double RunStepByOperation(Span<double> operationSeconds)
    {
        int operations = Plan.Operations.Length;
        if (_marks.Length == 0)
        {
            _marks = [.. Enumerable.Range(0, operations + 1).Select(_ => _device.Context.CreateEvent())];
        }

        _device.HoldBack(_stream, _work.Length + operations);
        int next = 0;
        for (int operation = 0; operation < operations; operation++)
        {
            _stream.Record(_marks[operation]);
            for (; next < _work.Length && _work[next].Operation.Index == operation; next++)
            {
                Launch(_work[next]);
            }
        }

        _stream.Record(_marks[operations]);
        _stream.Synchronize();
        _hasRun = true;
        for (int operation = 0; operation < operations; operation++)
        {
            operationSeconds[operation] = _marks[operation + 1].SecondsSince(_marks[operation]);
        }

        return Math.Max(_marks[operations].SecondsSince(_marks[0]), Sum(operationSeconds));
    }

    public void RunStepTraced(IStepTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        using var counting = new CudaTrafficCount(_device, _memory);
        int next = 0;
        foreach (PlanOperation operation in Plan.Operations)
        {
            _trace.Poison(operation);
            for (; next < _work.Length && _work[next].Operation == operation; next++)
            {
                Launch(_work[next]);
            }

            _stream.Synchronize();
            counting.Close(operation);
            _trace.Show(operation, trace);
        }

        _hasRun = true;
        Traffic = counting.Finish(Inputs, DistinctExperts);
    }

    public void Dispose()
    {
        _graph?.Dispose();
        foreach (CudaEvent mark in _marks)
        {
            mark.Dispose();
        }

        _begin.Dispose();
        _end.Dispose();
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
            foreach (CudaWork work in _work)
            {
                Launch(work);
            }

            return _stream.EndCapture();
        }
        catch
        {
            _stream.AbandonCapture();
            throw;
        }
    }

    private void Launch(CudaWork work) => _stream.Launch(work.Launch, work.Arguments, work.What);
}
