namespace Homelab.SystemTests.Faults;

public sealed class KilledTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.Kill);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Killed_in_the_middle_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class HangingTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.Hang);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task With_somebody_who_never_answers_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class RefusedTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.Refuse);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Refused_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class LyingTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.Lie);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Lied_to_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class SlowTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.Slow);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task With_somebody_who_is_late_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class DuplicateTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.Duplicate);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Told_more_than_once_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class OutOfOrderTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.OutOfOrder);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Told_out_of_order_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class ClockJumpTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.ClockJump);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task With_a_clock_that_jumps_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class DiskFullTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.DiskFull);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Without_room_on_the_disk_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}

public sealed class StoreLockedTests(PlayedRows plays) : IClassFixture<PlayedRows>
{
    public static TheoryData<string> Rows => FaultMatrix.NamesOf(FaultWord.StoreLocked);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task With_a_store_that_somebody_holds_it_ends_as_the_matrix_says(string row) => plays.ProveAsync(row);
}
