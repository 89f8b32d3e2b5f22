namespace Homelab.SystemTests.Faults;

/// <summary>How a row of the matrix must end.</summary>
public enum RowEnd
{
    /// <summary>The service is really well again, by what was done.</summary>
    Healed,

    /// <summary>A person was told, and why.</summary>
    Escalated,

    /// <summary>Nothing was wrong or nothing is ours: nobody was troubled.</summary>
    Nothing,
}
