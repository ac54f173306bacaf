//! How much work a search may take.
//!
//! Some questions about patterns take time that grows much faster than the patterns. Everything that
//! takes more than linear time or memory spends from a budget, and gives up when the budget is used
//! up. The caller decides what happens then: an error names the limit, or a lint reports nothing. Many
//! questions can share one budget, which bounds their sum:
//!
//! ```text
//! Budget::new(10)     10 left
//! spend(4)             6 left   Some
//! lend(3, …)           at most 3 of them for one question; what it does not spend comes back
//! spend(7)             0 left   None: everything that follows gets None too
//! ```

/// How many elementary steps may still be taken. A step is about the comparison of two names and
/// takes some nanoseconds.
#[derive(Debug)]
pub struct Budget {
    left: usize,
    /// Whether somebody asked for more than was left.
    is_used_up: bool,
}

impl Budget {
    /// A budget of so many steps.
    #[must_use]
    pub fn new(steps: usize) -> Self {
        Budget {
            left: steps,
            is_used_up: false,
        }
    }

    /// Spends `steps`. `None` if fewer are left; then all of them are gone.
    pub(crate) fn spend(&mut self, steps: usize) -> Option<()> {
        let left = self.left.checked_sub(steps);
        self.left = left.unwrap_or(0);
        self.is_used_up |= left.is_none();
        left.map(|_| ())
    }

    /// Whether more was asked for than was left: some answer is missing.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.is_used_up
    }

    /// Asks one question that may take at most so many steps of what is left.
    pub(crate) fn lend<T>(
        &mut self,
        most: usize,
        ask: impl FnOnce(&mut Budget) -> Option<T>,
    ) -> Option<T> {
        let lent = most.min(self.left);
        let mut part = Budget::new(lent);
        let answer = ask(&mut part);
        self.left -= lent - part.left;
        self.is_used_up |= part.is_used_up && lent < most;
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone() {
        let mut budget = Budget::new(10);
        assert_eq!(budget.spend(4), Some(()));
        // A question that gives up has used up what was lent, and no more.
        assert_eq!(budget.lend(3, |part| part.spend(4)), None);
        assert_eq!(budget.lend(9, |part| part.spend(1)), Some(()));
        assert_eq!(budget.spend(3), None);
        assert!(budget.is_used_up());
        // To spend the very last step leaves no answer out.
        let mut budget = Budget::new(10);
        assert_eq!(budget.spend(10), Some(()));
        assert!(!budget.is_used_up());
    }
}
