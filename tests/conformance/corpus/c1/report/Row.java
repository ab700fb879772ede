package report;

/** One loan. */
public record Row(String title, int fine) {
    public String line() {
        return title + ": " + fine;
    }
}
