using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>Makes readings.</summary>
public static class Reading
{
    /// <summary>A value that a source gave.</summary>
    public static Reading<T> Of<T>(T value) => new(value, null, null, hasValue: true);

    /// <summary>A value that a source does not give.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="reasonCode">A code for programs, for example <c>nvml.notSupported</c> or <c>rapl.permissionDenied</c>.</param>
    /// <param name="detail">One sentence for a person: why, and what would help.</param>
    public static Reading<T> Unavailable<T>(string reasonCode, string? detail = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(reasonCode);
        return new Reading<T>(default, reasonCode, detail, hasValue: false);
    }
}

/// <summary>What a telemetry source said to one question: a value, or why there is none. Never zero for "unknown".</summary>
/// <typeparam name="T">The value's type; units stand in the name of what holds the reading.</typeparam>
public readonly record struct Reading<T>
{
    private readonly T? _value;

    internal Reading(T? value, string? reasonCode, string? detail, bool hasValue)
    {
        _value = value;
        HasValue = hasValue;
        ReasonCode = reasonCode;
        Detail = detail;
    }

    /// <summary>Whether there is a value; false for a reading that was never made.</summary>
    public bool HasValue { get; }

    /// <summary>Why there is no value, as a code; <c>notAsked</c> where nobody asked; null where there is a value.</summary>
    public string? ReasonCode => HasValue ? null : field ?? "notAsked";

    /// <summary>Why there is no value, in a sentence; null where there is one or nothing more to say.</summary>
    public string? Detail { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => HasValue ? _value! : throw new InvalidOperationException($"There is no value: {ReasonCode}.");

    /// <summary>The value where there is one.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return HasValue;
    }

    /// <summary>The value, or the code of why there is none, for logs and debuggers; it never throws.</summary>
    public override string ToString() =>
        HasValue
            ? string.Create(CultureInfo.InvariantCulture, $"{_value}")
            : $"unavailable ({ReasonCode}{(Detail is null ? "" : $": {Detail}")})";

    /// <summary>The value, or another where there is none.</summary>
    public T? OrElse(T? other) => HasValue ? _value : other;
}
