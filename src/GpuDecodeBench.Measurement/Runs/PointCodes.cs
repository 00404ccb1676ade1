using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>The reason and warning codes that a point can carry; docs/method.md says what each means.</summary>
public static class PointCodes
{
    /// <summary>Invalid: the user ended the run before the point had enough samples.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Invalid: too few samples for a confidence interval.</summary>
    public const string TooFewSamples = "tooFewSamples";

    /// <summary>Invalid: the device proves results and is no hardware to measure, so its times mean nothing.</summary>
    public const string DeviceOnlyProves = "deviceOnlyProves";

    /// <summary>Invalid as a step: single operations were timed, as peers do (benchmarks/README.md); never of this program's own.</summary>
    public const string OperationsOnly = "operationsOnly";

    /// <summary>Warning: the step reads less than four times the last-level cache, so that part of it may have been warm.</summary>
    public const string MayBeWarm = "mayBeWarm";

    /// <summary>Warning: the last-level cache is not known, so nothing says that the step was cold.</summary>
    public const string CacheUnknown = "cacheUnknown";

    /// <summary>Warning: the model has a kind of layer that was not among those measured, so the rest is a poor extrapolation.</summary>
    public const string LayersNotRepresentative = "layersNotRepresentative";

    /// <summary>Warning: the time limit came before the interval was narrow enough.</summary>
    public const string NotConverged = "notConverged";

    /// <summary>
    /// Warning: the mean step is more than a twentieth above the median, so that some steps took much longer; tokens per second and
    /// costs count them, the step's median and its bandwidth do not.
    /// </summary>
    public const string MeanAboveMedian = MeanStep.AboveMedian;

    /// <summary>Warning: the read ceiling moved by more than a tenth while the point was sampled.</summary>
    public const string CeilingMoved = "ceilingMoved";

    /// <summary>Warning: the operations' times differ from the step's by more than a twentieth.</summary>
    public const string OperationsDoNotAddUp = "operationsDoNotAddUp";

    /// <summary>
    /// Warning: the clock saw no time pass in executions of an operation; its time is carried over from others of the same work, or not
    /// known, and the operation's provenance says which.
    /// </summary>
    public const string OperationTimesUncertain = OperationRecord.TimesUncertain;

    /// <summary>The step's threads had work and waited for a processor that another thread had. Invalid from a twentieth of the time on.</summary>
    public const string ThreadsWaited = "threadsWaited";

    /// <summary>The hypervisor gave processor time to others that work here wanted. Invalid from a tenth of it on.</summary>
    public const string TimeStolen = "timeStolen";

    /// <summary>
    /// Warning: the host gave the device its work too slowly for the device never to wait, so that a step's time may be the host's in part.
    /// </summary>
    public const string HostTimeIncluded = "hostTimeIncluded";

    /// <summary>Warning: the step was faster than the ceiling allows, so that one of the two is wrong.</summary>
    public const string FasterThanCeiling = "fasterThanCeiling";
}
