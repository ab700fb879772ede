package report;

import java.util.ArrayList;
import java.util.List;

/** Loans of a month, a row for each. */
public class Report {
    private final List<Row> rows = new ArrayList<>();

    public void add(String title, int fine) {
        rows.add(new Row(title, fine));
    }

    public int totalFine() {
        int total = 0;
        for (Row row : rows) {
            total += row.fine();
        }
        return total;
    }
}
