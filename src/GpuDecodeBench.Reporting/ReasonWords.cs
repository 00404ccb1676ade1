using System.Text;

namespace GpuDecodeBench.Reporting;

/// <summary>Reason and warning codes of run records in words.</summary>
public static class ReasonWords
{
    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["applicationClocks"] = "application clocks were set",
        ["belowIdle"] = "the load took no more than the idle device",
        ["bimodal"] = "the samples fall into two groups, so the median describes neither",
        ["cacheUnknown"] = "the last-level cache is not known, so nothing says that the step was cold",
        ["ceilingMoved"] = "the read ceiling moved by more than a tenth meanwhile",
        ["clockJumped"] = "the host's clock jumped",
        ["clockLow"] = "the cores' clock was below 75 % of the device's own",
        ["counterWentBack"] = "the energy counter went backwards",
        ["deviceOnlyProves"] = "the device proves results and is no hardware to measure: its times mean nothing",
        ["displayClocks"] = "the clocks of a display",
        ["doesNotFit"] = "it does not fit the memory",
        ["drifting"] = "the samples drift",
        ["energyMethodsDisagree"] = "energy by the counter and by power readings differ by more than 5 %",
        ["fasterThanCeiling"] = "faster than the read ceiling, so one of the two is wrong",
        ["hardwareSlowdown"] = "the hardware slowed down",
        ["hardwareThermal"] = "temperature, by hardware",
        ["hostTimeIncluded"] = "the host gave the device its work so slowly that its own time may be in the step's",
        ["interrupted"] = "the measurement was interrupted",
        ["invalidPoint"] = "the point is invalid",
        ["layersNotRepresentative"] = "the model has a kind of layer that was not among those measured",
        ["mayBeWarm"] = "the step reads less than four times the last-level cache, so part of it may have been warm",
        ["meanAboveMedian"] = "some steps took much longer than the median, which tokens per second and costs count",
        ["noCeiling"] = "the device has no read ceiling",
        ["noEnergyCounter"] = "the source has no energy counter",
        ["noPowerSensor"] = "the source has no power sensor",
        ["noPrice"] = "no price is known",
        ["noRate"] = "no tokens per second are known",
        ["noSpecification"] = "no datasheet of the device is known",
        ["notConverged"] = "the time limit came before the confidence interval was narrow enough",
        ["noTelemetry"] = "no sensor is read",
        ["notGiven"] = "it was not given",
        ["notMeasured"] = "it was not measured",
        ["noUtilization"] = "no utilisation is known",
        ["operationTimesUncertain"] =
            "the clock saw no time pass in some operations, so their times are extrapolated or not known",
        ["operationsOnly"] = "single operations were timed, and no step",
        ["operationsDoNotAddUp"] = "the operations' times do not add up to the step's",
        ["otherProcess"] = "other processes are on the device",
        ["powerBrake"] = "the power supply asked for less",
        ["powerLimitLowered"] = "the power limit is below the device's default",
        ["sensorSilent"] = "the sensor told nothing for more than three seconds",
        ["sensorStuck"] = "the sensor told the same whatever the load",
        ["softwarePowerCap"] = "the power limit",
        ["softwareThermal"] = "temperature, by software",
        ["syncBoost"] = "another device of its group is slower",
        ["temperatureRising"] = "the temperature still rose while energy was measured",
        ["threadsWaited"] = "the step's threads waited for processors that other threads had",
        ["throttled"] = "the device lowered its clocks",
        ["throttledPoint"] = "the device lowered its clocks",
        ["timeStolen"] = "the hypervisor gave processor time to others",
        ["tooFewPowerSamples"] = "there are too few power readings",
        ["tooFewSamples"] = "there are too few samples",
        ["verificationFailed"] = "the results differ from the reference",
        ["windowTooShort"] = "the time allowed was too short for it",
    };

    /// <summary>The words of a code; of a code that is not known, its own words set apart.</summary>
    /// <param name="code">The code, for example <c>verificationFailed</c>; text that is no code is returned as it is.</param>
    public static string Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (s_words.TryGetValue(code, out string? words))
        {
            return words;
        }

        return code.All(char.IsAsciiLetterOrDigit) ? Split(code) : code;
    }

    /// <summary>The words of several codes, joined by semicolons.</summary>
    /// <param name="codes">The codes.</param>
    public static string OfAll(IEnumerable<string> codes) => string.Join("; ", codes.Select(Of));

    /// <summary><c>clockTooLow</c> becomes <c>clock too low</c>.</summary>
    private static string Split(string code)
    {
        var text = new StringBuilder(code.Length + 4);
        for (int i = 0; i < code.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(code[i]) && char.IsAsciiLetterLower(code[i - 1]))
            {
                text.Append(' ').Append(char.ToLowerInvariant(code[i]));
            }
            else
            {
                text.Append(code[i]);
            }
        }

        return text.ToString();
    }
}
